/** Token flows: the same requests to every subject. */
import { type Connection, formatRequest } from '../lib/connection.ts';
import { type BenchKey, clientAssertion } from '../lib/keys.ts';
import { expectStatus } from '../lib/load.ts';
import { benchClients, type MintKind, pkce, type TokenSubject } from '../lib/subject.ts';

export interface TokenFlow {
  readonly name: string;
  /** Units per round at full length. */
  readonly units: number;
  /** What must be minted before a round. */
  readonly mint?: MintKind;
  /** One connection's worth of state is not needed: a unit is one request. */
  readonly prepare: (
    subject: TokenSubject,
    minted: readonly string[],
    units: number,
    key: BenchKey,
  ) => readonly string[];
  /** Whether an answer is the right one, beyond its status. */
  readonly check: (body: string) => boolean;
}

function basic({ id, secret }: { readonly id: string; readonly secret: string }): string {
  return `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}`;
}

function post(
  subject: TokenSubject,
  path: string,
  authorization: string | undefined,
  form: Readonly<Record<string, string>>,
): string {
  const headers: Record<string, string> = {
    Host: `127.0.0.1:${subject.ready.port}`,
    'Content-Type': 'application/x-www-form-urlencoded',
  };
  if (authorization !== undefined) headers.Authorization = authorization;
  return formatRequest('POST', path, headers, new URLSearchParams(form).toString());
}

const { machine, web, assertion } = benchClients;
const isJwtAnswer = (body: string): boolean => body.includes('"access_token":"ey');
const isUserAnswer = (body: string): boolean =>
  isJwtAnswer(body) && body.includes('"id_token":"ey') && body.includes('"refresh_token"');

export const tokenFlows: readonly TokenFlow[] = [
  {
    name: 'client_credentials, ES256 JWT',
    units: 40_000,
    prepare: (subject) => [
      post(subject, subject.ready.tokenPath, basic(machine), { grant_type: 'client_credentials', scope: 'api' }),
    ],
    check: isJwtAnswer,
  },
  {
    name: 'client_credentials, private_key_jwt',
    units: 15_000,
    prepare: (subject, _minted, units, key) =>
      Array.from({ length: units }, () =>
        post(subject, subject.ready.tokenPath, undefined, {
          grant_type: 'client_credentials',
          scope: 'api',
          client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
          client_assertion: clientAssertion(key, assertion.id, subject.ready.issuer, crypto.randomUUID()),
        }),
      ),
    check: isJwtAnswer,
  },
  {
    name: 'code exchange (JWT + ID token + refresh token)',
    units: 15_000,
    mint: 'code',
    prepare: (subject, minted) =>
      minted.map((code) =>
        post(subject, subject.ready.tokenPath, basic(web), {
          grant_type: 'authorization_code',
          code,
          redirect_uri: web.redirectUri,
          code_verifier: pkce.verifier,
        }),
      ),
    check: isUserAnswer,
  },
  {
    name: 'refresh rotation (JWT + ID token + refresh token)',
    units: 15_000,
    mint: 'refresh',
    prepare: (subject, minted) =>
      minted.map((token) =>
        post(subject, subject.ready.tokenPath, basic(web), { grant_type: 'refresh_token', refresh_token: token }),
      ),
    check: isUserAnswer,
  },
  {
    name: 'introspection of an opaque token',
    units: 40_000,
    mint: 'opaque',
    prepare: (subject, minted) =>
      minted.slice(0, 500).map((token) => post(subject, subject.ready.introspectionPath, basic(web), { token })),
    check: (body) => body.includes('"active":true'),
  },
];

/** The work of one unit: the prepared request of that number. */
export function sendPrepared(
  flow: TokenFlow,
  requests: readonly string[],
): (connection: Connection, worker: number, unit: number) => Promise<void> {
  return async (connection, _worker, unit) => {
    const answer = await connection.exchange(requests[unit % requests.length] as string);
    expectStatus(answer, 200);
    if (!flow.check(answer.body)) throw new Error(`wrong answer in ${flow.name}: ${answer.body.slice(0, 300)}`);
  };
}
