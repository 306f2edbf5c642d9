/**
 * authorityKeyIdentifier is the key identifier of the issuer; only a root may leave it out.
 * @spec RFC 5280 §4.2.1.1
 */
import { oid } from '@tegata/core/codec/oid';
import { isSame } from '@tegata/core/x509/algorithm-identifier';
import type { Lint } from '../lint.ts';

export const authorityKeyIdentifier: Lint = {
  name: 'authority-key-identifier',
  scope: 'every',
  check({ extensions: { authorityKeyIdentifier: found }, isCritical, issuer, intended }) {
    if (found === undefined) return intended.kind === 'root' ? undefined : 'authorityKeyIdentifier is missing';
    if (isCritical(oid.authorityKeyIdentifier)) return 'authorityKeyIdentifier is critical';
    if (found.keyId === undefined) return 'authorityKeyIdentifier has no key identifier';
    return isSame(found.keyId, issuer.keyIdentifier)
      ? undefined
      : 'authorityKeyIdentifier is not the key identifier of the issuer';
  },
};
