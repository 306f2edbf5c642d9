/**
 * Hexadecimal text, lower case.
 * @spec RFC 4648 §8
 */

/** Two lower-case digits for each byte. */
export function encodeHex(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex');
}

/** The bytes that `text` (digits in either case) stands for; `undefined` for an odd length or any other character. */
export function decodeHex(text: string): Uint8Array | undefined {
  if (text.length % 2 !== 0) return undefined;
  const bytes = Buffer.from(text, 'hex');
  // The decoder stops at the first character that is no digit.
  return bytes.length * 2 === text.length ? bytes : undefined;
}
