/**
 * Serial numbers: 126 random bits in 16 octets, positive, all of one length.
 * @spec RFC 5280 §4.1.2.2
 */
import type { Random } from '@tegata/core/random';

const length = 16;

/** A serial number for `buildTbsCertificate`. The two top bits are 01: positive, and no leading zero octet. */
export function createSerial(random: Random): Uint8Array {
  const serial = random.bytes(length);
  serial[0] = ((serial[0] as number) & 0x3f) | 0x40;
  return serial;
}
