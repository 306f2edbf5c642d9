/**
 * The certificatePolicies extension: under which policies a certificate was issued.
 * @spec RFC 5280 §4.2.1.4
 */
import { type DerFault, DerReader } from '../../codec/der-reader.ts';
import { oid } from '../../codec/oid.ts';
import type { Result } from '../../result.ts';
import { buildExtension, type Extension } from '../extension.ts';

const policyLimit = 64;

/** @param policies object identifiers, each once, without qualifiers */
export function encodeCertificatePolicies(policies: readonly string[]): Extension {
  return buildExtension(oid.certificatePolicies, false, (writer) => {
    writer.sequence(() => {
      for (const policy of policies) writer.sequence(() => writer.oid(policy));
    });
  });
}

/** Object identifiers, one at least; qualifiers are passed over. */
export function parseCertificatePolicies(value: Uint8Array): Result<readonly string[], DerFault> {
  const reader = new DerReader(value);
  const policies = reader.sequenceOf(policyLimit, () =>
    reader.sequence(() => {
      const policy = reader.oid();
      if (reader.more) reader.sequenceOf(policyLimit, () => reader.element());
      return policy;
    }),
  );
  if (policies.length === 0) reader.refuse('malformed', 'certificatePolicies without policies');
  if (new Set(policies).size < policies.length) reader.refuse('malformed', 'a certificate policy appears twice');
  return reader.finish(policies);
}
