/**
 * The extendedKeyUsage extension: the purposes that the key may serve.
 * @spec RFC 5280 §4.2.1.12
 */
import { type DerFault, DerReader } from '../../codec/der-reader.ts';
import { oid } from '../../codec/oid.ts';
import type { Result } from '../../result.ts';
import { buildExtension, type Extension } from '../extension.ts';

const purposeLimit = 64;

/** @param purposes object identifiers, as `oid.serverAuth` */
export function encodeExtKeyUsage(purposes: readonly string[]): Extension {
  return buildExtension(oid.extKeyUsage, false, (writer) => {
    writer.sequence(() => {
      for (const purpose of purposes) writer.oid(purpose);
    });
  });
}

/** Object identifiers, one at least. */
export function parseExtKeyUsage(value: Uint8Array): Result<readonly string[], DerFault> {
  const reader = new DerReader(value);
  const purposes = reader.sequenceOf(purposeLimit, () => reader.oid());
  if (purposes.length === 0) reader.refuse('malformed', 'extKeyUsage without purposes');
  return reader.finish(purposes);
}
