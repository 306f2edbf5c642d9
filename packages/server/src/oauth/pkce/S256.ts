/**
 * Proof Key for Code Exchange with the method S256, the only one accepted.
 * @spec RFC 7636 §4.1
 * @spec RFC 7636 §4.6
 * @spec RFC 9700 §2.1.1
 */
import { encodeBase64url } from '@tegata/core/codec/base64url';
import { encodeUtf8 } from '@tegata/core/codec/utf8';
import { constantTimeEqual, sha256 } from '@tegata/core/crypto';

const verifierPattern = /^[A-Za-z0-9._~-]{43,128}$/;
const challengePattern = /^[A-Za-z0-9_-]{43}$/;

/** Whether `text` can be a code verifier at all. */
export function isCodeVerifier(text: string): boolean {
  return verifierPattern.test(text);
}

/** Whether `text` can be a code challenge made with S256. */
export function isCodeChallenge(text: string): boolean {
  return challengePattern.test(text);
}

/** Whether `challenge` was made from `verifier`. */
export function verifierMatches(verifier: string, challenge: string): boolean {
  return constantTimeEqual(encodeUtf8(encodeBase64url(sha256(verifier))), encodeUtf8(challenge));
}
