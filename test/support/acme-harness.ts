/** The ACME endpoints over a store and a CA in memory, called without sockets; the outside world is a few maps. */
import assert from 'node:assert/strict';
import { type JsonObject, type JsonValue, parseJsonObject } from '@tegata/core/codec/json';
import { decodeUtf8, encodeUtf8 } from '@tegata/core/codec/utf8';
import type { HttpRequest, HttpResponse } from '@tegata/core/http/message';
import { systemRandom } from '@tegata/core/random';
import { fail, ok, unwrap } from '@tegata/core/result';
import { type ManualClock, manualClock } from '@tegata/core/time/clock';
import { day } from '@tegata/core/time/duration';
import {
  type AcmeEndpointDeps,
  type AcmeJobDeps,
  createAcmeEndpoints,
  createAcmeJobHandlers,
} from '@tegata/server/acme/acme';
import { keyAuthorizationDigest } from '@tegata/server/acme/jws/key-authorization';
import { createCompletions } from '@tegata/server/acme/orders/completions';
import { openHierarchy } from '@tegata/server/ca/hierarchy';
import { dns } from '@tegata/server/ca/identifiers/dns';
import { createCertificateAuthority } from '@tegata/server/ca/issue';
import { createProfileRegistry } from '@tegata/server/ca/profiles/registry';
import { tlsServer } from '@tegata/server/ca/profiles/tls-server';
import { tlsServerShort } from '@tegata/server/ca/profiles/tls-server-short';
import { createRevocation } from '@tegata/server/ca/revoke';
import { createCaUrls } from '@tegata/server/ca/urls';
import { createRouter } from '@tegata/server/http/router';
import { createWorker } from '@tegata/server/jobs/worker';
import { createKeyVault } from '@tegata/server/keys/vault';
import { createKeyWrapping } from '@tegata/server/keys/wrapping';
import { systemTimer } from '@tegata/server/main/system-timer';
import type { AuditEvent } from '@tegata/server/ports/audit';
import type { CertificateAuthority } from '@tegata/server/ports/certificate-authority';
import type { EdgeFault, Endpoint } from '@tegata/server/ports/endpoint';
import type { JobHandler } from '@tegata/server/ports/job-handler';
import type { CaaRecord, HttpProbeResponse, Probes } from '@tegata/server/ports/probes';
import type { Store } from '@tegata/server/ports/store';
import { openStore } from '@tegata/server/store/open-store';
import { type AcmeKey, createAcmeKey, createCsr, signMessage } from './acme.ts';

const baseUrl = 'https://ca.example/base';
const startOfTime = Date.UTC(2026, 0, 15, 12);

/** What validation finds outside: unknown names do not exist. */
export interface World {
  /** Bodies by URL; also redirects and statuses. */
  readonly web: Map<string, string | Partial<HttpProbeResponse>>;
  readonly txt: Map<string, readonly string[]>;
  readonly caa: Map<string, readonly CaaRecord[] | 'SERVFAIL'>;
  /** Called before every contact with the outside. */
  before: (what: string) => void | Promise<void>;
}

export interface Answer {
  readonly status: number;
  readonly text: string;
  readonly json: JsonObject;
  /** Problem type without its prefix; empty when the answer is no problem. */
  readonly problem: string;
  /** All values of a field, by its lower-case name. */
  header(name: string): string | undefined;
}

export interface Account {
  readonly key: AcmeKey;
  readonly url: string;
}

export interface SendOptions {
  readonly method?: string;
  readonly body?: string | Uint8Array;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface AcmeHarness {
  readonly clock: ManualClock;
  readonly store: Store;
  readonly ca: CertificateAuthority;
  readonly world: World;
  readonly endpoints: readonly Endpoint[];
  readonly events: AuditEvent[];
  /** Requests sent so far. */
  readonly requests: () => number;
  url(path: string): string;
  send(url: string, options?: SendOptions): Promise<Answer>;
  nonce(): Promise<string>;
  /** Signs with the account, or with the key itself, and sends. `header` overrides protected members. */
  post(signer: Account | AcmeKey, url: string, payload: JsonValue, header?: JsonObject): Promise<Answer>;
  register(payload?: JsonObject, key?: AcmeKey): Promise<Account>;
  /** Publishes what http-01 (or dns-01 for a wildcard) needs and responds; resolves when it has been looked at. */
  prove(account: Account, authorizationUrl: string): Promise<Answer>;
  /** A ready order for these names. */
  order(account: Account, names: readonly string[], extra?: JsonObject): Promise<Answer>;
  /** A certificate for these names, as PEM chain. */
  issue(account: Account, names: readonly string[], csr?: string): Promise<{ order: Answer; chain: string }>;
  /** Resolves when every job that was started has ended. */
  settle(): Promise<void>;
  close(): Promise<void>;
}

export interface HarnessOptions {
  readonly endpoints?: Partial<AcmeEndpointDeps>;
  readonly jobs?: Partial<AcmeJobDeps>;
  readonly wrapStore?: (store: Store) => Store;
  readonly wrapCa?: (ca: CertificateAuthority) => CertificateAuthority;
  /** Jobs are stored but not run by this process. */
  readonly idle?: boolean;
}

/** Does not wait: for tests of what happens when nobody does the work. */
const impatientTimer = { sleep: async () => {} };
const silent = { debug() {}, info() {}, warn() {}, error() {} };

export async function createAcmeHarness(options: HarnessOptions = {}): Promise<AcmeHarness> {
  const clock = manualClock(startOfTime);
  const random = systemRandom();
  const opened = unwrap(await openStore('sqlite::memory:', { clock }));
  const store = options.wrapStore?.(opened) ?? opened;
  const events: AuditEvent[] = [];
  const audit = { record: (event: AuditEvent) => void events.push(event) };
  const made = await createTestCa(store, clock);
  const ca = options.wrapCa?.(made) ?? made;
  const completions = createCompletions(options.idle === true ? impatientTimer : systemTimer);
  const world = createWorld();
  const settings = { baseUrl, orderLifetime: 7 * day, authorizationLifetime: 30 * day, caaIdentities: ['ca.example'] };
  const common = { ...settings, store, ca, completions, audit };
  const handlers = createAcmeJobHandlers({
    ...common,
    probes: probesOf(world),
    timer: impatientTimer,
    clock,
    log: silent,
    metrics: { count() {}, observe() {} },
    alwaysValid: false,
    ...options.jobs,
  });
  const running = new Set<Promise<unknown>>();
  const tracked = (handler: JobHandler): JobHandler => {
    return (job, signal) => {
      const run = handler(job, signal);
      running.add(run);
      const done = (): void => void running.delete(run);
      run.then(done, done);
      return run;
    };
  };
  const node = 'test-node';
  const worker = createWorker({
    jobs: store.jobs,
    handlers: { validate: tracked(handlers.validate), issue: tracked(handlers.issue) },
    clock,
    timer: systemTimer,
    random,
    log: silent,
    owner: node,
  });
  if (options.idle !== true) await worker.start();
  const endpoints = createAcmeEndpoints({
    ...common,
    identifierPolicy: { allowedSuffixes: [], deniedSuffixes: [] },
    random,
    node,
    startJob: options.idle === true ? () => {} : worker.notify,
    ...options.endpoints,
  });
  const send = createSender(endpoints, clock);
  let requests = 0;

  const harness: AcmeHarness = {
    clock,
    store,
    ca,
    world,
    endpoints,
    events,
    requests: () => requests,
    url: (path) => baseUrl + path,
    send(url, sent) {
      requests++;
      return send(url, sent);
    },
    async nonce() {
      const answer = await send(`${baseUrl}/acme/new-nonce`, { method: 'HEAD' });
      return answer.header('replay-nonce') as string;
    },
    async post(signer, url, payload, header = {}) {
      const account = 'url' in signer ? signer : undefined;
      const key = 'url' in signer ? signer.key : signer;
      const identity: JsonObject = account === undefined ? { jwk: key.jwk } : { kid: account.url };
      const nonce = await harness.nonce();
      const message = await signMessage({ key, header: { ...identity, nonce, url, ...header }, payload });
      return harness.send(url, { method: 'POST', body: JSON.stringify(message) });
    },
    async register(payload = {}, key = createAcmeKey()) {
      const answer = await harness.post(key, `${baseUrl}/acme/new-account`, payload);
      assert.equal(answer.status, 201, answer.text);
      return { key, url: answer.header('location') as string };
    },
    async prove(account, authorizationUrl) {
      const { json } = await harness.post(account, authorizationUrl, '');
      const challenges = json.challenges as readonly JsonObject[];
      const { value } = json.identifier as { value: string };
      const type = json.wildcard === true ? 'dns-01' : 'http-01';
      const challenge = challenges.find((one) => one.type === type) as JsonObject;
      publish(world, type, value, challenge.token as string, account.key.thumbprint);
      const answer = await harness.post(account, challenge.url as string, {});
      assert.equal(answer.status, 200, answer.text);
      await harness.settle();
      return harness.post(account, authorizationUrl, '');
    },
    async order(account, names, extra = {}) {
      const identifiers = names.map((value) => ({ type: 'dns', value }));
      const placed = await harness.post(account, `${baseUrl}/acme/new-order`, { identifiers, ...extra });
      assert.equal(placed.status, 201, placed.text);
      for (const url of placed.json.authorizations as readonly string[]) {
        const { json } = await harness.post(account, url, '');
        if (json.status === 'pending') await harness.prove(account, url);
      }
      return harness.post(account, placed.header('location') as string, '');
    },
    async issue(account, names, csr = createCsr(names).csr) {
      const ready = await harness.order(account, names);
      assert.equal(ready.json.status, 'ready', ready.text);
      const order = await harness.post(account, ready.json.finalize as string, { csr });
      assert.equal(order.json.status, 'valid', order.text);
      const downloaded = await harness.post(account, order.json.certificate as string, '');
      return { order, chain: downloaded.text };
    },
    async settle() {
      while (running.size > 0) await Promise.allSettled(running);
      await new Promise((resolve) => setImmediate(resolve));
      if (running.size > 0) await harness.settle();
    },
    async close() {
      if (options.idle !== true) await worker.stop(0);
      await opened.close();
    },
  };
  return harness;
}

async function createTestCa(store: Store, clock: ManualClock): Promise<CertificateAuthority> {
  const random = systemRandom();
  const wrapping = createKeyWrapping(random.bytes(32), random);
  const vault = createKeyVault({ store: store.keys, wrapping, clock });
  const urls = createCaUrls('http://ca.example');
  const hierarchy = await openHierarchy({ vault, urls, algorithm: 'ES256', clock, random });
  return createCertificateAuthority({
    hierarchy,
    certificates: store.certificates,
    profiles: createProfileRegistry([tlsServer, tlsServerShort]),
    defaultProfile: 'tls-server',
    identifiers: [dns],
    revocation: createRevocation({ certificates: store.certificates, jobs: store.jobs, clock, random }),
    clock,
    random,
  });
}

function createWorld(): World {
  return { web: new Map(), txt: new Map(), caa: new Map(), before: () => {} };
}

function publish(world: World, type: string, name: string, token: string, thumbprint: string): void {
  const authorization = `${token}.${thumbprint}`;
  if (type === 'http-01') world.web.set(`http://${name}/.well-known/acme-challenge/${token}`, authorization);
  else world.txt.set(`_acme-challenge.${name}`, [keyAuthorizationDigest(authorization)]);
}

function probesOf(world: World): Probes {
  return {
    async resolveTxt(name) {
      await world.before(`TXT ${name}`);
      return ok(world.txt.get(name) ?? []);
    },
    async resolveCaa(name) {
      await world.before(`CAA ${name}`);
      const found = world.caa.get(name) ?? [];
      return found === 'SERVFAIL' ? fail({ kind: 'dns', detail: `${name} could not be looked up.` }) : ok(found);
    },
    async fetchHttp(url) {
      await world.before(`GET ${url.href}`);
      const page = world.web.get(url.href);
      if (page === undefined) return fail({ kind: 'connection', detail: `${url.host} refused the connection.` });
      if (typeof page !== 'string') {
        return ok({ status: 200, headers: {}, body: new Uint8Array(), truncated: false, ...page });
      }
      return ok({ status: 200, headers: {}, body: encodeUtf8(page), truncated: false });
    },
  };
}

/** What the HTTP edge does, without sockets. */
function createSender(endpoints: readonly Endpoint[], clock: ManualClock) {
  const { pathname, origin } = new URL(baseUrl);
  const router = createRouter(endpoints.map((endpoint) => ({ ...endpoint, path: pathname + endpoint.path })));
  return async (url: string, options: SendOptions = {}): Promise<Answer> => {
    const { method = 'GET', body = '', headers = {} } = options;
    const path = url.slice(origin.length);
    const mark = path.indexOf('?');
    const match = router.find(method, mark < 0 ? path : path.slice(0, mark));
    if (match.kind === 'not_found') throw new Error(`nothing at ${url}`);
    const request: HttpRequest = {
      id: 'test-request',
      method,
      path: mark < 0 ? path : path.slice(0, mark),
      query: mark < 0 ? '' : path.slice(mark + 1),
      params: match.kind === 'endpoint' ? match.params : {},
      headers: { 'content-type': 'application/jose+json', ...headers },
      rawHeaders: [],
      body: typeof body === 'string' ? encodeUtf8(body) : body,
      peer: { address: '192.0.2.1', secure: true },
    };
    if (match.kind === 'method_not_allowed') return read(await match.endpoint.refuse(match, request));
    const fault = faultOf(match.endpoint, request);
    const context = { now: clock.now(), signal: new AbortController().signal };
    return read(
      fault === undefined ? await match.endpoint.handle(request, context) : await match.endpoint.refuse(fault, request),
    );
  };
}

function faultOf(endpoint: Endpoint, request: HttpRequest): EdgeFault | undefined {
  const { mediaType, limit } = endpoint.body;
  if (request.body.length === 0) return undefined;
  if (mediaType !== undefined && request.headers['content-type']?.split(';')[0] !== mediaType) {
    return { kind: 'unsupported_media_type', expected: mediaType };
  }
  return request.body.length > limit ? { kind: 'body_too_large', limit } : undefined;
}

function read(response: HttpResponse): Answer {
  const text =
    typeof response.body === 'string' ? response.body : (decodeUtf8(response.body ?? new Uint8Array()) ?? '');
  const parsed = parseJsonObject(text);
  const json = parsed.ok ? parsed.value : {};
  const type = typeof json.type === 'string' ? json.type : '';
  const prefix = 'urn:ietf:params:acme:error:';
  return {
    status: response.status,
    text,
    json,
    problem: type.startsWith(prefix) ? type.slice(prefix.length) : '',
    header(name) {
      const values = response.headers.filter(
        (_, at) => at % 2 === 1 && response.headers[at - 1]?.toLowerCase() === name,
      );
      return values.length === 0 ? undefined : values.join(', ');
    },
  };
}
