/** The OAuth endpoints over a store in memory, called without sockets. */
import assert from 'node:assert/strict';
import { encodeBase64url } from '@tegata/core/codec/base64url';
import { type JsonObject, parseJsonObject } from '@tegata/core/codec/json';
import { type KeyObject, sha256 } from '@tegata/core/crypto';
import { type HttpRequest, type HttpResponse, responseHeader } from '@tegata/core/http/message';
import { createHandle, digestHandle, formatHandle, timeOrderedId } from '@tegata/core/id';
import { type PublicJwk, parsePublicJwk, publicJwkFromKeyObject } from '@tegata/core/jose/jwk';
import { signJwt } from '@tegata/core/jose/jwt';
import { createLocalSigner } from '@tegata/core/jose/local-signer';
import type { Signer, SignerAlgorithm } from '@tegata/core/jose/signer';
import { systemRandom } from '@tegata/core/random';
import { unwrap } from '@tegata/core/result';
import { type ManualClock, manualClock, toNumericDate } from '@tegata/core/time/clock';
import { createClientRegistry } from '@tegata/server/oauth/clients/client-cache';
import { registerClient } from '@tegata/server/oauth/clients/register-client';
import { defaultLifetimes } from '@tegata/server/oauth/lifetimes';
import { createMetadataPolicy } from '@tegata/server/oauth/metadata-policy';
import { createOAuthEndpoints, type OAuthEndpointsDeps } from '@tegata/server/oauth/oauth-endpoints';
import { createRevocationList, type RevocationList } from '@tegata/server/oauth/tokens/revocation-list';
import type { AuditEvent } from '@tegata/server/ports/audit';
import type { Endpoint } from '@tegata/server/ports/endpoint';
import type { KeyRing } from '@tegata/server/ports/key-ring';
import type { Log } from '@tegata/server/ports/log';
import type { RemoteJwks } from '@tegata/server/ports/remote-jwks';
import type { Store } from '@tegata/server/ports/store';
import { openStore } from '@tegata/server/store/open-store';
import { generateKeys } from './certificates.ts';

export const issuer = 'https://as.example/base';
export const startOfTime = Date.UTC(2026, 0, 15, 12);
/** RFC 7636 appendix B. */
export const codeVerifier = 'dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk';
export const codeChallenge = 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM';
export const redirectUri = 'https://client.example/callback';

export interface Answer {
  readonly status: number;
  readonly json: JsonObject;
  readonly text: string;
  header(name: string): string | undefined;
}

export interface CallOptions {
  readonly method?: string;
  readonly form?: Readonly<Record<string, string | readonly string[]>>;
  readonly body?: string | Uint8Array;
  readonly query?: string;
  readonly params?: Readonly<Record<string, string>>;
  /** One value, or several fields. */
  readonly authorization?: string | readonly string[];
}

export interface TestClient {
  readonly clientId: string;
  readonly secret: string;
  /** Value of the Authorization field for client_secret_basic. */
  readonly basic: string;
}

export interface OAuthHarness {
  readonly clock: ManualClock;
  readonly store: Store;
  readonly keyRing: TestKeyRing;
  readonly revocations: RevocationList;
  readonly events: AuditEvent[];
  readonly endpoints: readonly Endpoint[];
  call(name: string, options?: CallOptions): Promise<Answer>;
  addClient(metadata?: JsonObject, clientId?: string): Promise<TestClient>;
  addUser(): Promise<string>;
  /** A code as the authorization endpoint would have stored it. */
  putCode(code: CodeInput): Promise<string>;
  close(): Promise<void>;
}

export interface CodeInput {
  readonly client: TestClient;
  readonly subject: string;
  readonly scopes?: readonly string[];
  readonly resources?: readonly string[];
  readonly detail?: Readonly<Record<string, string | number | boolean | readonly string[] | undefined>>;
}

export const silentLog: Log = { debug() {}, info() {}, warn() {}, error() {} };
const noRemoteJwks: RemoteJwks = {
  keys: () => Promise.resolve({ ok: false, error: { detail: 'nothing is published there' } }),
};

/** Creates endpoints over an empty store; `change` replaces what a test wants different. */
export async function createOAuthHarness(
  change: (deps: OAuthEndpointsDeps) => Partial<OAuthEndpointsDeps> = () => ({}),
  wrapStore: (store: Store) => Store = (store) => store,
): Promise<OAuthHarness> {
  const clock = manualClock(startOfTime);
  const random = systemRandom();
  const store = wrapStore(unwrap(await openStore('sqlite::memory:', { clock })));
  const keyRing = createTestKeyRing();
  const revocations = createRevocationList(store.revocations);
  const events: AuditEvent[] = [];
  const base: OAuthEndpointsDeps = {
    issuer,
    basePath: '/base',
    clients: createClientRegistry({ store: store.clients, log: silentLog }),
    store,
    revocations,
    keyRing,
    random,
    remoteJwks: noRemoteJwks,
    lifetimes: defaultLifetimes,
    scopes: ['api:read', 'api:write'],
    resources: ['https://shared.example/api'],
    registration: 'initial_access_token',
    siblings: [],
    siblingMetadata: {},
    audit: { record: (event) => void events.push(event) },
    metrics: { count() {}, observe() {} },
  };
  const deps = { ...base, ...change(base) };
  const endpoints = createOAuthEndpoints(deps);
  const policy = createMetadataPolicy(['ES256', 'RS256'], deps.scopes);

  return {
    clock,
    store,
    keyRing,
    revocations,
    events,
    endpoints,
    call: (name, options = {}) => call(endpointCalled(endpoints, name), options, clock.now()),
    async addClient(metadata = {}, clientId = timeOrderedId(clock.now(), random)) {
      const input = { metadata: { ...defaultMetadata, ...metadata }, source: 'operator', clientId } as const;
      const registered = unwrap(registerClient(input, { policy, random, now: clock.now() }));
      assert.equal(await deps.clients.add(registered.record), 'added');
      const secret = registered.secret ?? '';
      return { clientId, secret, basic: basic(clientId, secret) };
    },
    async addUser() {
      const subject = `usr_${timeOrderedId(clock.now(), random)}`;
      const times = { createdAt: clock.now(), updatedAt: clock.now() };
      const person = { username: subject, name: 'Hanako Yamada', email: 'hanako@example.jp', emailVerified: true };
      assert.equal(
        await store.users.add({ subject, ...person, ...times, administrator: false, disabled: false }),
        'added',
      );
      return subject;
    },
    async putCode({ client, subject, scopes = ['openid', 'offline_access', 'api:read'], resources = [], detail = {} }) {
      const handle = createHandle(clock.now(), random);
      const facts = { authTime: clock.now() - 5000, amr: ['pwd'], sid: 'session', nonce: 'n-0S6', offline: true };
      await store.tokens.putCode({
        handle: digestHandle(handle),
        family: timeOrderedId(clock.now(), random),
        value: {
          clientId: client.clientId,
          subject,
          scopes,
          resources,
          detail: { redirectUri, codeChallenge, ...facts, ...detail },
        },
        createdAt: clock.now(),
        expiresAt: clock.now() + 60_000,
      });
      return formatHandle(handle);
    },
    close: () => store.close(),
  };
}

const defaultMetadata: JsonObject = {
  client_name: 'Test client',
  redirect_uris: [redirectUri],
  grant_types: ['authorization_code', 'refresh_token', 'client_credentials'],
  scope: 'openid profile email offline_access api:read api:write',
};

export function basic(clientId: string, secret: string): string {
  const pair = `${encodeURIComponent(clientId)}:${encodeURIComponent(secret)}`;
  return `Basic ${Buffer.from(pair).toString('base64')}`;
}

/** The form of a code exchange that succeeds. */
export function exchange(code: string, further: Readonly<Record<string, string>> = {}): Record<string, string> {
  return {
    grant_type: 'authorization_code',
    code,
    redirect_uri: redirectUri,
    code_verifier: codeVerifier,
    ...further,
  };
}

/** Asserts an OAuth error answer with everything that every one of them has to have. */
export function assertOAuthError(answer: Answer, status: number, code: string): void {
  assert.deepEqual([answer.status, answer.json.error], [status, code], answer.text);
  assert.match(String(answer.json.error_description), /^[\x20\x21\x23-\x5b\x5d-\x7e]{10,300}$/);
  assert.equal(answer.header('cache-control'), 'no-store');
  assert.equal(answer.header('content-type'), 'application/json');
  if (status === 401) assert.match(answer.header('www-authenticate') ?? '', /^(Basic|Bearer) /);
}

function endpointCalled(endpoints: readonly Endpoint[], name: string): Endpoint {
  const endpoint = endpoints.find((candidate) => candidate.name === name);
  assert.ok(endpoint, `there is no endpoint ${name}`);
  return endpoint;
}

async function call(endpoint: Endpoint, options: CallOptions, now: number): Promise<Answer> {
  const { authorization = [] } = options;
  const fields = typeof authorization === 'string' ? [authorization] : authorization;
  const request: HttpRequest = {
    id: 'req-1',
    method: options.method ?? endpoint.methods[0] ?? 'GET',
    path: endpoint.path,
    query: options.query ?? '',
    params: options.params ?? {},
    headers: fields[0] === undefined ? {} : { authorization: fields[0] },
    rawHeaders: fields.flatMap((value) => ['Authorization', value]),
    body: bodyOf(options),
    peer: { address: '192.0.2.7', secure: true },
  };
  return toAnswer(await endpoint.handle(request, { now, signal: new AbortController().signal }));
}

function bodyOf({ body, form }: CallOptions): Uint8Array {
  if (body !== undefined) return typeof body === 'string' ? Buffer.from(body) : body;
  const pairs = Object.entries(form ?? {}).flatMap(([name, value]) =>
    (typeof value === 'string' ? [value] : value).map((item) => [name, item]),
  );
  return Buffer.from(new URLSearchParams(pairs).toString());
}

function toAnswer(response: HttpResponse): Answer {
  const text = response.body === undefined ? '' : Buffer.from(response.body as string).toString('utf8');
  const parsed = parseJsonObject(text);
  return {
    status: response.status,
    text,
    json: parsed.ok ? parsed.value : {},
    header: (name) => responseHeader(response, name),
  };
}

export interface TestKeyRing extends KeyRing {
  /** Takes a key out of publication, as the removal of a compromised one does. */
  remove(keyId: string): void;
  /** A new active key; the former one stays published. */
  rotate(algorithm: SignerAlgorithm): void;
}

/** Token keys that live as long as the test. */
export function createTestKeyRing(): TestKeyRing {
  const signers: Signer[] = [];
  const removed = new Set<string>();
  const published = (): PublicJwk[] =>
    signers
      .filter(({ keyId }) => !removed.has(keyId))
      .map(({ keyId, algorithm, publicKey }) => ({ ...publicKey, kid: keyId, alg: algorithm, use: 'sig' }));
  const rotate = (algorithm: SignerAlgorithm): Signer => {
    const signer = createLocalSigner(`${algorithm}-${signers.length}`, algorithm, generateKeys(algorithm).privateKey);
    signers.unshift(signer);
    return signer;
  };
  return {
    tokenSigner: (algorithm) => signers.find((signer) => signer.algorithm === algorithm) ?? rotate(algorithm),
    algorithms: () => ['ES256', 'RS256'],
    published,
    verificationKey(keyId) {
      const jwk = published().find((candidate) => candidate.kid === keyId);
      if (jwk === undefined) return undefined;
      return { keyId, algorithm: jwk.alg as SignerAlgorithm, key: unwrap(parsePublicJwk(jwk)) };
    },
    secret: (purpose) => sha256(`test ${purpose}`),
    remove: (keyId) => void removed.add(keyId),
    rotate: (algorithm) => void rotate(algorithm),
  };
}

export interface TestClientKey {
  readonly privateKey: KeyObject;
  readonly signer: Signer;
  readonly jwk: PublicJwk;
}

/** A key pair as a client with private_key_jwt has it. */
export function createClientKey(keyId = 'client-key', algorithm: SignerAlgorithm = 'ES256'): TestClientKey {
  const { privateKey } = generateKeys(algorithm);
  const signer = createLocalSigner(keyId, algorithm, privateKey);
  return { privateKey, signer, jwk: { ...publicJwkFromKeyObject(privateKey), kid: keyId } };
}

/** A client assertion; `change` replaces claims, those set to `undefined` are left out. */
export async function clientAssertion(
  key: TestClientKey,
  clientId: string,
  now: number,
  change: Readonly<Record<string, unknown>> = {},
  typ = 'client-authentication+jwt',
): Promise<string> {
  const time = toNumericDate(now);
  const jti = encodeBase64url(systemRandom().bytes(12));
  const claims = { iss: clientId, sub: clientId, aud: issuer, iat: time, exp: time + 60, jti, ...change };
  return signJwt({ typ }, JSON.stringify(claims), key.signer);
}

export const assertionType = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';

/** Notes every call of every method of every store. */
export function countStoreCalls(store: Store, calls: string[]): Store {
  const watch = <T extends object>(part: T, path: string): T =>
    new Proxy(part, {
      get(target, name) {
        const value: unknown = Reflect.get(target, name);
        const place = path === '' ? String(name) : `${path}.${String(name)}`;
        if (typeof value === 'function') {
          return (...args: unknown[]) => {
            calls.push(place);
            return Reflect.apply(value, target, args);
          };
        }
        return typeof value === 'object' && value !== null ? watch(value, place) : value;
      },
    });
  return watch(store, '');
}
