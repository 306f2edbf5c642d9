/**
 * The algorithm inside the signed part is the one its issuer signs with, octet by octet.
 * @spec RFC 5280 §4.1.1.2
 */
import { isSame } from '@tegata/core/x509/algorithm-identifier';
import type { Lint } from '../lint.ts';

export const signatureAlgorithm: Lint = {
  name: 'signature-algorithm',
  scope: 'every',
  check({ certificate, issuer }) {
    return isSame(certificate.algorithm, issuer.algorithmDer)
      ? undefined
      : 'the signature algorithm is not that of the issuer';
  },
};
