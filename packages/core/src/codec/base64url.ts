/**
 * base64url without padding, strict in both directions.
 * @spec RFC 4648 §5
 * @spec RFC 7515 §2
 */

/** `bytes` in the URL-safe alphabet, without padding. */
export function encodeBase64url(bytes: Uint8Array): string {
  return asBuffer(bytes).toString('base64url');
}

/**
 * The bytes that `text` stands for; `undefined` for anything an encoder would not have written: padding, blanks,
 * characters of another alphabet, a length of 4n+1, or spare bits set in the last character (RFC 4648 section 3.5).
 */
export function decodeBase64url(text: string): Uint8Array | undefined {
  const bytes = Buffer.from(text, 'base64url');
  // The decoder is lenient, so what it understood is encoded again: only the canonical text comes back the same.
  return bytes.toString('base64url') === text ? bytes : undefined;
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
