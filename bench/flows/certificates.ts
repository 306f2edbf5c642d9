/** Full issuance as an ordinary ACME client does it: order, authorization, challenge, finalize, download. */
import {
  type Answer,
  type Connection,
  formatRequest,
  headerOf,
  openConnection,
  type Target,
} from '../lib/connection.ts';
import { type BenchKey, base64url, es256, generateKey } from '../lib/keys.ts';
import { expectStatus } from '../lib/load.ts';

interface Directory {
  readonly newNonce: string;
  readonly newAccount: string;
  readonly newOrder: string;
}

interface Account {
  readonly key: BenchKey;
  kid: string | undefined;
  nonce: string;
}

/** A certificate request for one name, made beforehand: the bench measures the CA. */
export type MakeRequest = (name: string) => Uint8Array;

export interface AcmeLoad {
  /** Obtains one certificate with the account of `worker`. */
  readonly obtain: (connection: Connection, worker: number, unit: number) => Promise<void>;
}

const pollLimit = 400;

/** Opens one account per worker and returns the work of one certificate. */
export async function prepareAcme(
  target: Target,
  directoryPath: string,
  workers: number,
  makeRequest: MakeRequest,
  prefix: string,
): Promise<AcmeLoad> {
  const connection = await openConnection(target);
  const directory = JSON.parse(
    (
      await connection.exchange(
        formatRequest('GET', directoryPath, { Host: hostOf(target), 'User-Agent': 'tegata-bench' }),
      )
    ).body,
  ) as Directory;
  const accounts: Account[] = [];
  for (let worker = 0; worker < workers; worker++) {
    const account: Account = { key: generateKey(`account-${worker}`), kid: undefined, nonce: '' };
    const nonce = await connection.exchange(
      formatRequest('HEAD', pathOf(directory.newNonce), { Host: hostOf(target), 'User-Agent': 'tegata-bench' }),
    );
    account.nonce = headerOf(nonce, 'replay-nonce') ?? '';
    const created = await signedPost(connection, target, account, directory.newAccount, { termsOfServiceAgreed: true });
    expectStatus(created, 201);
    account.kid = headerOf(created, 'location') ?? '';
    accounts.push(account);
  }
  connection.close();
  return {
    obtain: async (open, worker, unit) => {
      const account = accounts[worker] as Account;
      await obtainCertificate(open, target, account, directory, `${prefix}-${unit}.bench.example`, makeRequest);
    },
  };
}

async function obtainCertificate(
  connection: Connection,
  target: Target,
  account: Account,
  directory: Directory,
  name: string,
  makeRequest: MakeRequest,
): Promise<void> {
  const post = (url: string, payload: object | undefined) => signedPost(connection, target, account, url, payload);
  const created = await post(directory.newOrder, { identifiers: [{ type: 'dns', value: name }] });
  expectStatus(created, 201);
  const orderUrl = headerOf(created, 'location') ?? '';
  const order = JSON.parse(created.body) as { authorizations: string[]; finalize: string };
  const authorizationUrl = order.authorizations[0] as string;
  const authorization = JSON.parse((await post(authorizationUrl, undefined)).body) as {
    challenges: { type: string; url: string }[];
  };
  const challenge = authorization.challenges.find((candidate) => candidate.type === 'http-01');
  expectStatus(await post(challenge?.url ?? '', {}), 200);
  await poll(() => post(authorizationUrl, undefined), 'valid');
  const finalized = await post(order.finalize, { csr: base64url(makeRequest(name)) });
  expectStatus(finalized, 200);
  let state = JSON.parse(finalized.body) as { status: string; certificate?: string };
  if (state.status !== 'valid') state = await poll(() => post(orderUrl, undefined), 'valid');
  const certificate = await post(state.certificate ?? '', undefined);
  expectStatus(certificate, 200);
  if (!certificate.body.startsWith('-----BEGIN CERTIFICATE-----')) throw new Error('no certificate came back');
}

async function poll(ask: () => Promise<Answer>, wanted: string): Promise<{ status: string; certificate?: string }> {
  for (let attempt = 0; attempt < pollLimit; attempt++) {
    const answer = await ask();
    expectStatus(answer, 200);
    const state = JSON.parse(answer.body) as { status: string; certificate?: string };
    if (state.status === wanted) return state;
    if (state.status === 'invalid') throw new Error(`became invalid: ${answer.body.slice(0, 500)}`);
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  throw new Error(`not ${wanted} after ${pollLimit} polls`);
}

async function signedPost(
  connection: Connection,
  target: Target,
  account: Account,
  url: string,
  payload: object | undefined,
): Promise<Answer> {
  const identity = account.kid === undefined ? { jwk: bareJwk(account.key) } : { kid: account.kid };
  const protectedHeader = base64url({ alg: 'ES256', nonce: account.nonce, url, ...identity });
  const encoded = payload === undefined ? '' : base64url(payload);
  const signature = es256(account.key.privateKey, `${protectedHeader}.${encoded}`);
  const body = `{"protected":"${protectedHeader}","payload":"${encoded}","signature":"${signature}"}`;
  const headers = { Host: hostOf(target), 'Content-Type': 'application/jose+json', 'User-Agent': 'tegata-bench' };
  const answer = await connection.exchange(formatRequest('POST', pathOf(url), headers, body));
  account.nonce = headerOf(answer, 'replay-nonce') ?? account.nonce;
  return answer;
}

function bareJwk(key: BenchKey): object {
  const { crv, kty, x, y } = key.publicJwk;
  return { crv, kty, x, y };
}

function hostOf({ host, port }: Target): string {
  return `${host}:${port}`;
}

function pathOf(url: string): string {
  return new URL(url).pathname;
}
