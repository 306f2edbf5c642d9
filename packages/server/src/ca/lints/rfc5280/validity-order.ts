/**
 * Validity ends after it has begun.
 * @spec RFC 5280 §4.1.2.5
 */
import type { Lint } from '../lint.ts';

export const validityOrder: Lint = {
  name: 'validity-order',
  scope: 'every',
  check({ certificate }) {
    return certificate.notBefore < certificate.notAfter ? undefined : 'notAfter is not later than notBefore';
  },
};
