/**
 * Reads a signed ACME request: who signed it, that it is meant for this address and now, and what it asks.
 * The order of the checks keeps a nonce from being spent by somebody who cannot sign, and keeps accounts from being probed.
 * @spec RFC 8555 §6.2
 * @spec RFC 8555 §6.3
 * @spec RFC 8555 §6.4
 * @spec RFC 8555 §6.5
 */
import { isJsonObject, type JsonObject, parseJsonObject } from '@tegata/core/codec/json';
import type { HttpRequest } from '@tegata/core/http/message';
import { type JwsAlgorithm, keyFits, verifySignature } from '@tegata/core/jose/algorithms';
import { type PublicKey, parsePublicJwk } from '@tegata/core/jose/jwk';
import { type ParsedFlattenedJws, parseFlattened } from '@tegata/core/jose/jws-flattened';
import type { ProtectedHeader } from '@tegata/core/jose/protected-header';
import { ok, type Result } from '@tegata/core/result';
import type { Instant } from '@tegata/core/time/clock';
import type { AcmeAccountRecord } from '../../ports/stores/acme-accounts.ts';
import type { AccountCache } from '../accounts/account-cache.ts';
import type { NonceWindow } from '../nonces/nonce-window.ts';
import { checkAccountKey } from '../policy/key-policy.ts';
import { type AcmeProblem, problem } from '../problems.ts';
import type { AcmeUrls } from '../urls.ts';
import { acceptAlgorithm } from './algorithms.ts';

/** The media type of every signed request. */
export const joseMediaType = 'application/jose+json';

/** Who may sign: an account by its `kid`, a key by its `jwk`, or either (revocation). */
export type ExpectedSigner = 'account' | 'key' | 'any';

export type RequestSigner =
  | { readonly kind: 'account'; readonly account: AcmeAccountRecord; readonly key: PublicKey }
  | { readonly kind: 'key'; readonly key: PublicKey };

export interface SignedRequest {
  readonly signer: RequestSigner;
  /** Empty for POST-as-GET. */
  readonly payload: Uint8Array;
  /** The URL that was asked for and signed. */
  readonly url: string;
}

export interface VerifyDeps {
  readonly urls: AcmeUrls;
  readonly nonces: NonceWindow;
  readonly accounts: AccountCache;
}

/** Every check of a signed request but those of its payload. */
export async function verifyRequest(
  request: HttpRequest,
  expected: ExpectedSigner,
  now: Instant,
  deps: VerifyDeps,
): Promise<Result<SignedRequest, AcmeProblem>> {
  if (mediaTypeOf(request.headers['content-type']) !== joseMediaType) {
    return problem('malformed', `Send the request as ${joseMediaType}.`, { status: 415 });
  }
  const parsed = parseFlattened(request.body);
  if (!parsed.ok) return problem('malformed', parsed.error.detail);
  const jws = parsed.value;
  const algorithm = acceptAlgorithm(jws.header.alg);
  if (!algorithm.ok) return algorithm;
  const signer = await findSigner(jws.header, expected, now, deps);
  if (!signer.ok) return signer;
  const signature = checkSignature(jws, algorithm.value, signer.value.key);
  if (!signature.ok) return signature;
  const nonce = consumeNonce(jws.header, deps.nonces);
  if (!nonce.ok) return nonce;
  const url = checkUrl(jws.header, request, deps.urls);
  if (!url.ok) return url;
  if (signer.value.kind === 'account' && signer.value.account.status !== 'valid') {
    return problem('unauthorized', `The account is ${signer.value.account.status}.`, { status: 401 });
  }
  return ok({ signer: signer.value, payload: jws.payload, url: url.value });
}

/** The payload as a JSON object: for resources that are told something. */
export function readPayload(payload: Uint8Array): Result<JsonObject, AcmeProblem> {
  if (payload.byteLength === 0) {
    return problem('malformed', 'The payload is empty; this address needs a JSON object.');
  }
  const parsed = parseJsonObject(payload);
  return parsed.ok ? parsed : problem('malformed', `The payload cannot be read: ${parsed.error.detail}`);
}

/** POST-as-GET: the payload must be empty, which is not the same as `{}`. */
export function requireEmptyPayload(payload: Uint8Array): Result<void, AcmeProblem> {
  if (payload.byteLength === 0) return ok();
  return problem('malformed', 'This address can only be read; send an empty payload (POST-as-GET).');
}

/** Whether the signature is one of `key` by this algorithm. */
export function checkSignature(
  jws: ParsedFlattenedJws,
  algorithm: JwsAlgorithm,
  key: PublicKey,
): Result<void, AcmeProblem> {
  if (!keyFits(algorithm, key)) {
    return problem(
      'malformed',
      `The key is not one for ${algorithm.name}, or its own "alg", "use" or "key_ops" says so.`,
    );
  }
  if (verifySignature(algorithm, key, jws.signingInput, jws.signature)) return ok();
  return problem('malformed', 'The signature does not verify with this key.');
}

/** The public key that the protected header carries, of a kind accepted for accounts. */
export function readEmbeddedKey(header: ProtectedHeader): Result<PublicKey, AcmeProblem> {
  if (!isJsonObject(header.jwk)) return problem('malformed', 'The "jwk" in the protected header is not a JSON object.');
  const parsed = parsePublicJwk(header.jwk);
  if (!parsed.ok) return problem('badPublicKey', parsed.error.detail);
  const checked = checkAccountKey(parsed.value);
  return checked.ok ? parsed : checked;
}

async function findSigner(
  header: ProtectedHeader,
  expected: ExpectedSigner,
  now: Instant,
  deps: VerifyDeps,
): Promise<Result<RequestSigner, AcmeProblem>> {
  const { jwk, kid } = header;
  if ((jwk === undefined) === (kid === undefined)) {
    return problem('malformed', 'The protected header needs exactly one of "jwk" and "kid".');
  }
  if (jwk !== undefined) {
    if (expected === 'account') {
      return problem('malformed', 'Sign this request with the account: name its URL in "kid" and leave "jwk" out.');
    }
    const key = readEmbeddedKey(header);
    return key.ok ? ok({ kind: 'key', key: key.value }) : key;
  }
  if (expected === 'key') return problem('malformed', 'This request carries the key itself: use "jwk", not "kid".');
  const id = deps.urls.accountIdOf(kid as string);
  const found = id === undefined ? undefined : await deps.accounts.load(id, now);
  if (found === undefined) return problem('accountDoesNotExist', 'The "kid" is not the URL of an account here.');
  return ok({ kind: 'account', account: found.record, key: found.key });
}

function consumeNonce(header: ProtectedHeader, nonces: NonceWindow): Result<void, AcmeProblem> {
  const { nonce } = header;
  if (nonce === undefined)
    return problem('badNonce', 'The protected header has no "nonce"; use the one in this answer.');
  if (typeof nonce !== 'string') return problem('malformed', 'The "nonce" in the protected header is not a string.');
  switch (nonces.consume(nonce)) {
    case 'accepted':
      return ok();
    case 'unusable':
      return problem('badNonce');
    case 'malformed':
      return problem('malformed', 'The "nonce" in the protected header is not base64url.');
  }
}

function checkUrl(header: ProtectedHeader, request: HttpRequest, urls: AcmeUrls): Result<string, AcmeProblem> {
  const actual = urls.origin + request.path + (request.query === '' ? '' : `?${request.query}`);
  if (typeof header.url !== 'string') return problem('malformed', 'The protected header has no "url".');
  if (header.url === actual) return ok(actual);
  return problem('unauthorized', `The "url" in the protected header is not the one asked for, ${printable(actual)}.`);
}

function printable(url: string): string {
  return url.length > 300 ? `${url.slice(0, 300)}…` : url;
}

function mediaTypeOf(contentType: string | undefined): string {
  const end = contentType?.indexOf(';') ?? -1;
  return (end < 0 ? (contentType ?? '') : (contentType as string).slice(0, end)).trim().toLowerCase();
}
