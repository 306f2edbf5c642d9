/**
 * Serial numbers of certificates: positive, at most 20 octets with the sign.
 * @spec RFC 5280 §4.1.2.2
 */
import type { DerReader } from '../codec/der-reader.ts';

const limit = 20;

/** Whether a serial number, big-endian without sign octet, may be given to a new certificate: in its one shortest form. */
export function isSerial(serial: Uint8Array): boolean {
  return serial.length > 0 && serial[0] !== 0 && fits(serial);
}

/** Reads a serial number as its octets without the sign; negative and longer ones are refused. */
export function readSerial(reader: DerReader): Uint8Array {
  const serial = reader.unsignedInteger();
  if (!fits(serial)) reader.refuse('malformed', `the serial number is longer than ${limit} octets`);
  return serial;
}

function fits(serial: Uint8Array): boolean {
  return serial.length < limit || (serial.length === limit && (serial[0] ?? 0) < 0x80);
}
