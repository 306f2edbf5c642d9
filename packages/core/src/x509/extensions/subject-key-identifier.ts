/**
 * The subjectKeyIdentifier extension: a short name of the certified key.
 * @spec RFC 5280 §4.2.1.2
 */
import { type DerFault, DerReader } from '../../codec/der-reader.ts';
import { oid } from '../../codec/oid.ts';
import type { Result } from '../../result.ts';
import { buildExtension, type Extension } from '../extension.ts';

/** @param keyId as `keyIdentifier` computes it */
export function encodeSubjectKeyIdentifier(keyId: Uint8Array): Extension {
  return buildExtension(oid.subjectKeyIdentifier, false, (writer) => writer.octetString(keyId));
}

export function parseSubjectKeyIdentifier(value: Uint8Array): Result<Uint8Array, DerFault> {
  const reader = new DerReader(value);
  return reader.finish(reader.octetString());
}
