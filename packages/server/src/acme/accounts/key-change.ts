/**
 * The request inside a key rollover: the new key asks to replace the old one of an account.
 * @spec RFC 8555 §7.3.5
 */
import { isJsonObject } from '@tegata/core/codec/json';
import { type PublicKey, parsePublicJwk } from '@tegata/core/jose/jwk';
import { parseFlattened } from '@tegata/core/jose/jws-flattened';
import { ok, type Result } from '@tegata/core/result';
import { acceptAlgorithm } from '../jws/algorithms.ts';
import { checkSignature, readEmbeddedKey, readPayload } from '../jws/verify-request.ts';
import { type AcmeProblem, problem } from '../problems.ts';

/** What the outer request has settled already. */
export interface KeyChangeContext {
  readonly url: string;
  readonly accountUrl: string;
  readonly currentThumbprint: string;
}

/** The new key, once the inner JWS has been verified with it and names this account and its current key. */
export function verifyKeyChange(payload: Uint8Array, context: KeyChangeContext): Result<PublicKey, AcmeProblem> {
  if (payload.byteLength === 0) return problem('malformed', 'The payload is empty; it must be a JWS of the new key.');
  const parsed = parseFlattened(payload);
  if (!parsed.ok) return problem('malformed', `The inner JWS cannot be read: ${parsed.error.detail}`);
  const { header } = parsed.value;
  const algorithm = acceptAlgorithm(header.alg);
  if (!algorithm.ok) return algorithm;
  if (header.kid !== undefined)
    return problem('malformed', 'The inner JWS carries the new key in "jwk", without "kid".');
  const key = readEmbeddedKey(header);
  if (!key.ok) return key;
  const signature = checkSignature(parsed.value, algorithm.value, key.value);
  if (!signature.ok) return signature;
  if (header.nonce !== undefined) return problem('malformed', 'The inner JWS must not have a "nonce".');
  if (header.url !== context.url) return problem('malformed', 'The "url" of the inner JWS differs from the outer one.');
  const request = checkKeyChangePayload(parsed.value.payload, context);
  return request.ok ? key : request;
}

function checkKeyChangePayload(bytes: Uint8Array, context: KeyChangeContext): Result<void, AcmeProblem> {
  const payload = readPayload(bytes);
  if (!payload.ok) return payload;
  const { account, oldKey } = payload.value;
  if (account !== context.accountUrl) {
    return problem('malformed', '"account" in the inner payload is not the account that signed the outer request.');
  }
  const old = isJsonObject(oldKey) ? parsePublicJwk(oldKey) : undefined;
  if (old?.ok !== true || old.value.thumbprint !== context.currentThumbprint) {
    return problem('malformed', '"oldKey" in the inner payload is not the current key of the account.');
  }
  return ok();
}
