/**
 * Client secrets and registration access tokens: ours, long and random, so that a plain digest is all the store needs.
 * @spec RFC 6749 §10.10
 * @spec RFC 7591 §3.2.1
 */
import { encodeBase64url } from '@tegata/core/codec/base64url';
import { constantTimeEqual, sha256 } from '@tegata/core/crypto';
import type { Random } from '@tegata/core/random';

export interface ClientSecret {
  /** 256 random bits as 43 characters, shown once. */
  readonly secret: string;
  /** What is stored. */
  readonly digest: Uint8Array;
}

const secretBytes = 32;
/** Compared with when there is nothing to compare with, so that a missing secret costs the same time as a wrong one. */
const noDigest = new Uint8Array(32);

/** Makes a new secret. */
export function createClientSecret(random: Random): ClientSecret {
  const secret = encodeBase64url(random.bytes(secretBytes));
  return { secret, digest: sha256(secret) };
}

/** Whether `presented` is the secret whose digest is `expected`; never for `undefined`. */
export function secretMatches(presented: string, expected: Uint8Array | undefined): boolean {
  return constantTimeEqual(sha256(presented), expected ?? noDigest) && expected !== undefined;
}
