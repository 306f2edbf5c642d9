/**
 * Sealed boxes: bytes that only the holder of a key can read or make, bound to the place they are for.
 * @spec NIST SP 800-38D
 */
import { aesGcmOpen, aesGcmSeal } from '../crypto.ts';
import type { Random } from '../random.ts';
import { encodeUtf8 } from './utf8.ts';

/** First byte of every box; another number would mean another construction. */
const version = 1;
const nonceLength = 12;
const tagLength = 16;
const overhead = 1 + nonceLength + tagLength;

/**
 * Encrypts and authenticates `plaintext` with AES-256-GCM under a random nonce.
 * One key may seal up to 2^32 boxes; use a key of its own for every purpose that could come near.
 * @param key 32 bytes
 * @param context what the box is for (kind and name of its place): a box moved elsewhere does not open
 * @returns 29 bytes more than the plaintext
 */
export function seal(key: Uint8Array, context: string, plaintext: Uint8Array, random: Random): Uint8Array {
  const nonce = random.bytes(nonceLength);
  const sealed = aesGcmSeal(key, nonce, encodeUtf8(context), plaintext);
  const box = new Uint8Array(overhead + plaintext.byteLength);
  box[0] = version;
  box.set(nonce, 1);
  box.set(sealed, 1 + nonceLength);
  return box;
}

/** What `seal` was given; `undefined` for another key or context, and for bytes that were changed, cut or never a box. */
export function open(key: Uint8Array, context: string, box: Uint8Array): Uint8Array | undefined {
  if (box.byteLength < overhead || box[0] !== version) return undefined;
  const nonce = box.subarray(1, 1 + nonceLength);
  return aesGcmOpen(key, nonce, encodeUtf8(context), box.subarray(1 + nonceLength));
}
