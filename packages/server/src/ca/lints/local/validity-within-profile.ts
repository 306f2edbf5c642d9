/**
 * Validity is no longer than the profile allows, the last second included.
 * @spec CABF-BR §6.3.2
 */
import { second } from '@tegata/core/time/duration';
import type { Lint } from '../lint.ts';

export const validityWithinProfile: Lint = {
  name: 'validity-within-profile',
  scope: 'every',
  check({ certificate, intended }) {
    const allowed = intended.kind === 'leaf' ? intended.profile.validity : intended.validity;
    const period = certificate.notAfter - certificate.notBefore + second;
    return period <= allowed ? undefined : `valid for ${period / second} s where ${allowed / second} s are allowed`;
  },
};
