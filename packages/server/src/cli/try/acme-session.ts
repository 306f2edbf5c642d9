/**
 * The client's side of ACME, as much as one certificate needs: signed requests with fresh nonces, and problems as sentences.
 * @spec RFC 8555 §6.2
 * @spec RFC 8555 §6.5
 */
import { encodeBase64url } from '@tegata/core/codec/base64url';
import { type JsonObject, type JsonValue, parseJsonObject } from '@tegata/core/codec/json';
import { encodeUtf8 } from '@tegata/core/codec/utf8';
import { generateEcKey } from '@tegata/core/crypto';
import { thumbprint } from '@tegata/core/jose/jwk-thumbprint';
import { createLocalSigner } from '@tegata/core/jose/local-signer';
import type { Signer } from '@tegata/core/jose/signer';
import { ok, type Result } from '@tegata/core/result';
import { type CliFault, failure } from '../command.ts';
import type { HttpsAnswer, HttpsClient } from './https-client.ts';

export interface AcmeAnswer {
  /** Content of a JSON answer; empty for others. */
  readonly json: JsonObject;
  readonly text: string;
  /** `Location`, or the URL that was asked. */
  readonly url: string;
  /** Milliseconds that the server asks to wait. */
  readonly retryAfter: number | undefined;
}

export interface AcmeSession {
  /** URL of a resource in the directory, such as `newOrder`. */
  resource(name: string): Result<string, CliFault>;
  /** A signed request; without a payload a POST-as-GET. `what` completes "refused …" when it is. */
  post(url: string, payload: JsonObject | undefined, what: string): Promise<Result<AcmeAnswer, CliFault>>;
  /** From now on requests name this account instead of carrying the key. */
  useAccount(url: string): void;
  /** Key authorization of a challenge token (RFC 8555 section 8.1). */
  keyAuthorization(token: string): string;
}

const mostAttempts = 3;

/** Reads the directory and makes an account key (ES256); nothing is registered yet. */
export async function openAcmeSession(
  https: HttpsClient,
  directoryUrl: string,
): Promise<Result<AcmeSession, CliFault>> {
  const answer = await https.send('GET', directoryUrl);
  if (!answer.ok) return answer;
  const directory = parseJsonObject(answer.value.body);
  if (answer.value.status !== 200 || !directory.ok) {
    return failure(`There is no ACME directory at ${directoryUrl} (status ${answer.value.status}).`);
  }
  return ok(sessionOver(https, directory.value));
}

function sessionOver(https: HttpsClient, directory: JsonObject): AcmeSession {
  const signer = createLocalSigner('account', 'ES256', generateEcKey());
  const name = thumbprint(signer.publicKey);
  let account: string | undefined;
  let nonce: string | undefined;

  const resource = (wanted: string): Result<string, CliFault> => {
    const url = directory[wanted];
    return typeof url === 'string' ? ok(url) : failure(`The ACME directory has no ${wanted}.`);
  };

  const takeNonce = async (): Promise<Result<string, CliFault>> => {
    const kept = nonce;
    nonce = undefined;
    if (kept !== undefined) return ok(kept);
    const url = resource('newNonce');
    const answer = url.ok ? await https.send('HEAD', url.value) : url;
    if (!answer.ok) return answer;
    const fresh = answer.value.headers['replay-nonce'];
    return typeof fresh === 'string' ? ok(fresh) : failure('The server gave no nonce.');
  };

  const post: AcmeSession['post'] = async (url, payload, what) => {
    for (let attempt = 1; ; attempt++) {
      const fresh = await takeNonce();
      if (!fresh.ok) return fresh;
      const key = account === undefined ? { jwk: { ...signer.publicKey } } : { kid: account };
      const body = signRequest(signer, { alg: 'ES256', nonce: fresh.value, url, ...key }, payload);
      const answer = await https.send('POST', url, { 'Content-Type': 'application/jose+json' }, body);
      if (!answer.ok) return answer;
      const next = answer.value.headers['replay-nonce'];
      nonce = typeof next === 'string' ? next : undefined;
      const read = readAnswer(answer.value, url);
      // A nonce may have expired; RFC 8555 section 6.5 asks to try again with the one that comes with the refusal.
      if (read.json.type === 'urn:ietf:params:acme:error:badNonce' && attempt < mostAttempts) continue;
      return answer.value.status < 400 ? ok(read) : failure(`The server refused ${what}: ${describeProblem(read)}`);
    }
  };

  return {
    resource,
    post,
    useAccount: (url) => {
      account = url;
    },
    keyAuthorization: (token) => `${token}.${name}`,
  };
}

function signRequest(signer: Signer, header: JsonObject, payload: JsonObject | undefined): string {
  const encode = (value: JsonValue) => encodeBase64url(encodeUtf8(JSON.stringify(value)));
  const [protectedHeader, content] = [encode(header), payload === undefined ? '' : encode(payload)];
  const signature = signer.sign(encodeUtf8(`${protectedHeader}.${content}`)) as Uint8Array;
  return JSON.stringify({ protected: protectedHeader, payload: content, signature: encodeBase64url(signature) });
}

function readAnswer({ headers, body }: HttpsAnswer, url: string): AcmeAnswer {
  const parsed = /json/.test(headers['content-type'] ?? '') ? parseJsonObject(body) : undefined;
  const seconds = Number(headers['retry-after']);
  return {
    json: parsed?.ok === true ? parsed.value : {},
    text: body,
    url: headers.location ?? url,
    retryAfter: Number.isFinite(seconds) && headers['retry-after'] !== undefined ? seconds * 1000 : undefined,
  };
}

function describeProblem({ json, text }: AcmeAnswer): string {
  return typeof json.detail === 'string' ? json.detail : text.slice(0, 200).trim() || 'it said nothing about why.';
}
