/**
 * Validity begins within 48 hours of the signature.
 * @spec CABF-BR §7.1.2.7
 */
import { hour } from '@tegata/core/time/duration';
import type { Lint } from '../lint.ts';

export const notBeforeNearNow: Lint = {
  name: 'not-before-near-now',
  scope: 'every',
  check({ certificate, now }) {
    return Math.abs(certificate.notBefore - now) <= 48 * hour ? undefined : 'notBefore is more than 48 hours away';
  },
};
