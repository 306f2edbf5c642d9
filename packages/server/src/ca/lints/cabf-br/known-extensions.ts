/**
 * There are no extensions but those the profiles speak of, and nothing else is critical.
 * @spec RFC 5280 §4.2
 * @spec CABF-BR §7.1.2.11.5
 */
import { oid } from '@tegata/core/codec/oid';
import type { Lint } from '../lint.ts';

export const knownExtensions: Lint = {
  name: 'known-extensions',
  scope: 'every',
  check({ certificate }) {
    const bad = certificate.extensions.find(({ oid: id, critical }) =>
      critical ? !mayBeCritical.has(id) : !known.has(id),
    );
    return bad === undefined ? undefined : `extension ${bad.oid} ${bad.critical ? 'is critical' : 'is not expected'}`;
  },
};

const mayBeCritical: ReadonlySet<string> = new Set([oid.basicConstraints, oid.keyUsage, oid.subjectAltName]);
const known: ReadonlySet<string> = new Set([
  oid.basicConstraints,
  oid.keyUsage,
  oid.extKeyUsage,
  oid.subjectAltName,
  oid.authorityKeyIdentifier,
  oid.subjectKeyIdentifier,
  oid.crlDistributionPoints,
  oid.authorityInfoAccess,
]);
