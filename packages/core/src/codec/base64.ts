/**
 * Base64 with padding, in its one canonical form.
 * @spec RFC 4648 §4
 */

/** Bytes of `text`; `undefined` for missing padding, blanks, foreign characters and unused bits that are not zero. */
export function decodeBase64(text: string): Uint8Array | undefined {
  const bytes = Buffer.from(text, 'base64');
  // The decoder is lenient, so what it understood is encoded again: only the canonical text comes back the same.
  return bytes.toString('base64') === text ? bytes : undefined;
}
