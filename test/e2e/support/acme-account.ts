/** An ACME client of a few lines: an account that obtains certificates where validation always succeeds. */
import assert from 'node:assert/strict';
import type { JsonValue } from '@tegata/core/codec/json';
import { type AcmeKey, createAcmeKey, createCsr, signMessage } from '../../support/acme.ts';
import type { Web, WebAnswer } from './web.ts';

export interface AcmeAccount {
  readonly url: string;
  readonly key: AcmeKey;
  /** A signed request; `''` reads. */
  post(url: string, payload: JsonValue): Promise<WebAnswer>;
  /** Asks for the certificate of an order that is ready, and waits for it. */
  finish(order: string, name: string): Promise<IssuedCertificate>;
  /** The same account over other connections, such as those to a server that was started again. */
  over(web: Web): AcmeAccount;
  /** Places an order, proves control of the name, and waits for the certificate. `onOrder` hears of the order once it is placed. */
  obtain(name: string, onOrder?: (url: string) => void): Promise<IssuedCertificate>;
}

export interface IssuedCertificate {
  readonly order: string;
  readonly url: string;
  /** The whole chain as it was handed out. */
  readonly pem: string;
}

/** Another look at something that is being worked on, after a moment. */
const polls = 100;
const pause = 50;

/** Creates an account of a new key. */
export async function openAcmeAccount(web: Web, issuer: string): Promise<AcmeAccount> {
  const key = createAcmeKey();
  const post = createPoster(web, issuer);
  const newAccount = `${issuer}/acme/new-account`;
  const made = await post(key, newAccount, { jwk: key.jwk }, { termsOfServiceAgreed: true });
  assert.equal(made.status, 201, made.text);
  return accountOf(web, issuer, key, made.headers.location as string);
}

function accountOf(web: Web, issuer: string, key: AcmeKey, url: string): AcmeAccount {
  const post = createPoster(web, issuer);
  const account = { url, key, post: (target: string, payload: JsonValue) => post(key, target, { kid: url }, payload) };
  return {
    ...account,
    over: (other) => accountOf(other, issuer, key, url),
    finish: (order, name) => finish(account, order, name),
    obtain: async (name, onOrder) => finish(account, await placeReadyOrder(account, issuer, name, onOrder), name),
  };
}

type Signed = Pick<AcmeAccount, 'post'>;
type Poster = (key: AcmeKey, url: string, signer: Record<string, JsonValue>, payload: JsonValue) => Promise<WebAnswer>;

/** Signs with the nonce of an earlier answer, and once more where the server calls for another one. */
function createPoster(web: Web, issuer: string): Poster {
  const nonces: string[] = [];
  const nonceOf = async (): Promise<string> =>
    nonces.pop() ?? ((await web.call('HEAD', `${issuer}/acme/new-nonce`)).headers['replay-nonce'] as string);
  const attempt: Poster = async (key, url, signer, payload) => {
    const message = await signMessage({ key, header: { ...signer, nonce: await nonceOf(), url }, payload });
    const headers = { 'Content-Type': 'application/jose+json' };
    const answer = await web.call('POST', url, { headers, body: JSON.stringify(message) });
    const fresh = answer.headers['replay-nonce'];
    if (typeof fresh === 'string') nonces.push(fresh);
    return answer;
  };
  return async (...message) => {
    const answer = await attempt(...message);
    return String(answer.json.type).endsWith(':badNonce') ? attempt(...message) : answer;
  };
}

async function finish(account: Signed, order: string, name: string): Promise<IssuedCertificate> {
  const finalized = await account.post(`${order}/finalize`, { csr: createCsr([name]).csr });
  assert.equal(finalized.status, 200, finalized.text);
  return collect(account, order);
}

/** An order whose only name is proven; its URL. */
export async function placeReadyOrder(
  account: Signed,
  issuer: string,
  name: string,
  onOrder: (url: string) => void = () => {},
): Promise<string> {
  const placed = await account.post(`${issuer}/acme/new-order`, { identifiers: [{ type: 'dns', value: name }] });
  assert.equal(placed.status, 201, placed.text);
  const order = placed.headers.location as string;
  onOrder(order);
  const [authorizationUrl] = placed.json.authorizations as string[];
  const authorization = await account.post(authorizationUrl as string, '');
  const [challenge] = authorization.json.challenges as { url: string }[];
  const asked = await account.post(challenge?.url as string, {});
  assert.equal(asked.status, 200, asked.text);
  await untilStatus(account, order, ['ready']);
  return order;
}

/** Waits for the certificate of a finalized order. */
async function collect(account: Signed, order: string): Promise<IssuedCertificate> {
  const valid = await untilStatus(account, order, ['valid']);
  const url = valid.json.certificate as string;
  const downloaded = await account.post(url, '');
  assert.equal(downloaded.status, 200, downloaded.text);
  return { order, url, pem: downloaded.text };
}

/** Reads the order until it has one of these statuses. */
export async function untilStatus(account: Signed, order: string, statuses: readonly string[]): Promise<WebAnswer> {
  for (let poll = 0; poll < polls; poll++) {
    const answer = await account.post(order, '');
    assert.equal(answer.status, 200, answer.text);
    if (statuses.includes(String(answer.json.status))) return answer;
    await new Promise((resolve) => setTimeout(resolve, pause));
  }
  throw new Error(`${order} did not become ${statuses.join(' or ')}`);
}
