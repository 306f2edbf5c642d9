/**
 * A certificate that lives longer than 10 days says where its CRL is, by plain HTTP.
 * @spec CABF-BR §7.1.2.11.2
 */
import { day } from '@tegata/core/time/duration';
import type { Lint } from '../lint.ts';

export const revocationPointer: Lint = {
  name: 'revocation-pointer',
  scope: 'every',
  check({ certificate, extensions: { crlDistributionPoints: found }, intended }) {
    if (found?.length === 0 || found?.some((url) => !url.startsWith('http://')) === true) {
      return 'the CRL is not at an http address';
    }
    const lifetime = certificate.notAfter - certificate.notBefore;
    if (found !== undefined || intended.kind === 'root' || lifetime <= 10 * day) return undefined;
    return 'cRLDistributionPoints is missing';
  },
};
