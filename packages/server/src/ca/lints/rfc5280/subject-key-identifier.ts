/**
 * subjectKeyIdentifier, which a CA must have, is the digest of the key.
 * @spec RFC 5280 §4.2.1.2
 * @spec RFC 7093 §2
 */
import { oid } from '@tegata/core/codec/oid';
import { isSame } from '@tegata/core/x509/algorithm-identifier';
import { keyIdentifier } from '@tegata/core/x509/thumbprint';
import type { Lint } from '../lint.ts';

export const subjectKeyIdentifier: Lint = {
  name: 'subject-key-identifier',
  scope: 'every',
  check({ extensions: { subjectKeyIdentifier: found }, isCritical, publicKey, intended }) {
    if (found === undefined) return intended.kind === 'leaf' ? undefined : 'subjectKeyIdentifier is missing';
    if (isCritical(oid.subjectKeyIdentifier)) return 'subjectKeyIdentifier is critical';
    return isSame(found, keyIdentifier(publicKey.der)) ? undefined : 'subjectKeyIdentifier is not that of the key';
  },
};
