/**
 * From a name to a certificate: account, order, challenge, finalize, download.
 * @spec RFC 8555 §7.1
 */
import { encodeBase64url } from '@tegata/core/codec/base64url';
import type { JsonObject, JsonValue } from '@tegata/core/codec/json';
import { exportPrivateKeyPem, generateEcKey } from '@tegata/core/crypto';
import { ok, type Result } from '@tegata/core/result';
import { buildCertificateRequest } from '@tegata/core/x509/certificate-request-builder';
import type { Timer } from '../../ports/timer.ts';
import { type CliFault, failure } from '../command.ts';
import type { AcmeAnswer, AcmeSession } from './acme-session.ts';
import type { Http01Responder } from './http-01-responder.ts';

export interface Obtained {
  /** PEM, leaf first. */
  readonly chain: string;
  /** PEM, PKCS #8. */
  readonly key: string;
}

export interface ObtainDeps {
  readonly session: AcmeSession;
  readonly responder: Http01Responder;
  readonly timer: Timer;
  /** Told before each step. */
  readonly progress: (step: string) => void;
}

const pollEvery = 250;
const longestPoll = 5_000;
const mostPolls = 120;

/** Gets a certificate for one DNS name with a new account, and deactivates the account when done. */
export async function obtainCertificate(name: string, deps: ObtainDeps): Promise<Result<Obtained, CliFault>> {
  const { session, progress } = deps;
  progress('Creating an account');
  const account = await create(session, 'newAccount', { termsOfServiceAgreed: true }, 'the account');
  if (!account.ok) return account;
  session.useAccount(account.value.url);
  try {
    return await order(name, deps);
  } finally {
    await session.post(account.value.url, { status: 'deactivated' }, 'to end the account');
  }
}

async function order(name: string, deps: ObtainDeps): Promise<Result<Obtained, CliFault>> {
  const { session, progress } = deps;
  progress(`Ordering a certificate for ${name}`);
  const created = await create(session, 'newOrder', { identifiers: [{ type: 'dns', value: name }] }, 'the order');
  if (!created.ok) return created;
  const { url, json } = created.value;
  for (const authorization of texts(json.authorizations)) {
    const proven = await prove(authorization, deps);
    if (!proven.ok) return proven;
  }
  progress('Sending the certificate request');
  const privateKey = generateEcKey();
  const request = buildCertificateRequest({ subject: [], names: [{ type: 'dns', value: name }], privateKey });
  const finalize = typeof json.finalize === 'string' ? json.finalize : '';
  const begun = await session.post(finalize, { csr: encodeBase64url(request) }, 'the certificate request');
  if (!begun.ok) return begun;
  const done = await poll(url, ['valid'], deps);
  if (!done.ok) return done;
  const certificate = done.value.certificate;
  if (typeof certificate !== 'string') return failure('The order is valid but names no certificate.');
  progress('Downloading the certificate');
  const downloaded = await session.post(certificate, undefined, 'the certificate');
  return downloaded.ok ? ok({ chain: downloaded.value.text, key: exportPrivateKeyPem(privateKey) }) : downloaded;
}

async function create(
  session: AcmeSession,
  resource: string,
  payload: JsonObject,
  what: string,
): Promise<Result<AcmeAnswer, CliFault>> {
  const url = session.resource(resource);
  return url.ok ? session.post(url.value, payload, what) : url;
}

async function prove(url: string, deps: ObtainDeps): Promise<Result<void, CliFault>> {
  const { session, responder, progress } = deps;
  const authorization = await session.post(url, undefined, 'the authorization');
  if (!authorization.ok) return authorization;
  if (authorization.value.json.status === 'valid') return ok();
  const challenge = objects(authorization.value.json.challenges).find(({ type }) => type === 'http-01');
  if (typeof challenge?.url !== 'string' || typeof challenge.token !== 'string') {
    return failure('The server offers no http-01 challenge for this name.');
  }
  progress('Answering the http-01 challenge');
  responder.answer(challenge.token, session.keyAuthorization(challenge.token));
  const begun = await session.post(challenge.url, {}, 'the challenge');
  if (!begun.ok) return begun;
  const done = await poll(url, ['valid'], deps);
  return done.ok ? ok() : done;
}

/** Asks until the status is one of those wanted; `invalid` and the like end it with the server's reason. */
async function poll(
  url: string,
  wanted: readonly string[],
  { session, timer }: ObtainDeps,
): Promise<Result<JsonObject, CliFault>> {
  for (let attempt = 0; attempt < mostPolls; attempt++) {
    const answer = await session.post(url, undefined, 'to tell the status');
    if (!answer.ok) return answer;
    const { json, retryAfter } = answer.value;
    const status = typeof json.status === 'string' ? json.status : '';
    if (wanted.includes(status)) return ok(json);
    if (status !== 'pending' && status !== 'processing' && status !== 'ready') return failure(describeEnd(json));
    await timer.sleep(Math.min(retryAfter ?? pollEvery, longestPoll));
  }
  return failure('The server did not come to a decision in time.');
}

function describeEnd(json: JsonObject): string {
  const errors = [json, ...objects(json.challenges)].flatMap(({ error }) => objects([error ?? null]));
  const detail = errors.map((error) => error.detail).find((text) => typeof text === 'string');
  return `The server could not verify the name: ${detail ?? `the status is ${json.status}.`}`;
}

function texts(value: JsonValue | undefined): readonly string[] {
  return Array.isArray(value) ? value.filter((item): item is string => typeof item === 'string') : [];
}

function objects(value: JsonValue | undefined): readonly JsonObject[] {
  if (!Array.isArray(value)) return [];
  return value.filter((item): item is JsonObject => typeof item === 'object' && item !== null && !Array.isArray(item));
}
