/**
 * The reasonCode extension of a CRL entry.
 * @spec RFC 5280 §5.3.1
 */
import { type DerFault, DerReader } from '../../codec/der-reader.ts';
import { tag } from '../../codec/der-tag.ts';
import { oid } from '../../codec/oid.ts';
import type { Result } from '../../result.ts';
import { buildExtension, type Extension } from '../extension.ts';

/** @param reason 1 to 10, not 7; for 0, unspecified, the extension is left out of an entry */
export function encodeCrlReason(reason: number): Extension {
  return buildExtension(oid.reasonCode, false, (writer) => writer.smallInteger(reason, tag.enumerated));
}

export function parseCrlReason(value: Uint8Array): Result<number, DerFault> {
  const reader = new DerReader(value);
  const reason = reader.smallInteger(tag.enumerated);
  if (reason > 10 || reason === 7) reader.refuse('malformed', `no revocation reason: ${reason}`);
  return reader.finish(reason);
}
