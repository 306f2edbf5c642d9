/**
 * The issuer is the subject of the issuer's own certificate, octet by octet, and not empty.
 * @spec RFC 5280 §4.1.2.4
 */
import { isSame } from '@tegata/core/x509/algorithm-identifier';
import type { Lint } from '../lint.ts';

export const issuerName: Lint = {
  name: 'issuer-name',
  scope: 'every',
  check({ certificate, issuer }) {
    if (certificate.issuer.length === 0) return 'the issuer is empty';
    return isSame(certificate.issuerDer, issuer.subjectDer)
      ? undefined
      : "the issuer differs from the subject of the issuer's certificate";
  },
};
