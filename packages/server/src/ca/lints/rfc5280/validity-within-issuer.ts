/**
 * Nothing is valid longer than its issuer.
 * @spec RFC 5280 §6.1.3
 */
import type { Lint } from '../lint.ts';

export const validityWithinIssuer: Lint = {
  name: 'validity-within-issuer',
  scope: 'every',
  check({ certificate, issuer }) {
    return certificate.notAfter <= issuer.notAfter ? undefined : 'notAfter is later than that of the issuer';
  },
};
