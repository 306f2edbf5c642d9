/**
 * What a client publishes to answer a challenge: the token bound to its account key.
 * @spec RFC 8555 §8.1
 * @spec RFC 8555 §8.4
 */
import { encodeBase64url } from '@tegata/core/codec/base64url';
import { sha256 } from '@tegata/core/crypto';

/** @param thumbprint RFC 7638 thumbprint of the account key at the time when the client responded */
export function keyAuthorization(token: string, thumbprint: string): string {
  return `${token}.${thumbprint}`;
}

/** The form in which DNS carries it: base64url of its SHA-256. */
export function keyAuthorizationDigest(value: string): string {
  return encodeBase64url(sha256(value));
}
