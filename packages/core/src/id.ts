/** Identifiers and handles: time-ordered so that rows land side by side on disk, unguessable where they are secrets. */
import { constantTimeEqual, sha256 } from './crypto.ts';
import type { Random } from './random.ts';
import type { Instant } from './time/clock.ts';

const alphabet = '0123456789abcdefghijklmnopqrstuv';
const idPattern = /^[0-9a-v]{21}$/;
const secretBytes = 24;
const secretPattern = /^[A-Za-z0-9_-]{32}$/;

/**
 * 48 bits of time and 56 random bits in base32hex, whose text order is the order of time.
 * @returns 21 characters `[0-9a-v]`
 */
export function timeOrderedId(now: Instant, random: Random): string {
  const bytes = new Uint8Array(13);
  let time = now;
  for (let at = 5; at >= 0; at--) {
    bytes[at] = time % 256;
    time = Math.floor(time / 256);
  }
  bytes.set(random.bytes(7), 6);
  let text = '';
  let pending = 0;
  let bits = 0;
  for (const byte of bytes) {
    pending = ((pending << 8) | byte) & 0xfff;
    for (bits += 8; bits >= 5; bits -= 5) text += alphabet[(pending >> (bits - 5)) & 31];
  }
  return text + alphabet[(pending << (5 - bits)) & 31];
}

/** A secret that its holder presents and the store knows only by digest: `<id>.<secret>`. */
export interface Handle {
  readonly id: string;
  readonly secret: string;
}

/** What the store keeps and compares: never the secret. */
export interface HandleDigest {
  readonly id: string;
  readonly digest: Uint8Array;
}

export function createHandle(now: Instant, random: Random): Handle {
  return { id: timeOrderedId(now, random), secret: encodeSecret(random.bytes(secretBytes)) };
}

export function formatHandle(handle: Handle): string {
  return `${handle.id}.${handle.secret}`;
}

/** Reads `<id>.<secret>`; `undefined` when the text is anything else. */
export function parseHandle(text: string): Handle | undefined {
  if (text.length !== 54 || text[21] !== '.') return undefined;
  const id = text.slice(0, 21);
  const secret = text.slice(22);
  return idPattern.test(id) && secretPattern.test(secret) ? { id, secret } : undefined;
}

export function digestHandle(handle: Handle): HandleDigest {
  return { id: handle.id, digest: sha256(handle.secret) };
}

/** Whether `handle` is the one whose digest is `expected`. */
export function handleMatches(handle: Handle, expected: Uint8Array): boolean {
  return constantTimeEqual(sha256(handle.secret), expected);
}

/** 24 bytes (192 bits) as the 32 characters of a handle's secret. */
export function encodeSecret(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64url');
}
