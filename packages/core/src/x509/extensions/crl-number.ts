/**
 * The cRLNumber extension: which of an issuer's CRLs is newer.
 * @spec RFC 5280 §5.2.3
 */
import { type DerFault, DerReader } from '../../codec/der-reader.ts';
import { oid } from '../../codec/oid.ts';
import type { Result } from '../../result.ts';
import { buildExtension, type Extension } from '../extension.ts';

/** @param number from 0 to 2^47 - 1 */
export function encodeCrlNumber(number: number): Extension {
  return buildExtension(oid.crlNumber, false, (writer) => writer.smallInteger(number));
}

/** Numbers of 2^47 and more are refused as unsupported. */
export function parseCrlNumber(value: Uint8Array): Result<number, DerFault> {
  const reader = new DerReader(value);
  return reader.finish(reader.smallInteger());
}
