/** The pages over a store in memory, visited by a browser made of a cookie jar and a form reader, without sockets. */
import assert from 'node:assert/strict';
import type { JsonObject } from '@tegata/core/codec/json';
import { encodeUtf8 } from '@tegata/core/codec/utf8';
import { type HttpResponse, responseHeader } from '@tegata/core/http/message';
import { digestHandle, parseHandle } from '@tegata/core/id';
import { signJwt } from '@tegata/core/jose/jwt';
import { systemRandom } from '@tegata/core/random';
import { unwrap } from '@tegata/core/result';
import { type ManualClock, manualClock, toNumericDate } from '@tegata/core/time/clock';
import { day } from '@tegata/core/time/duration';
import { createRouter } from '@tegata/server/http/router';
import { createClientRegistry } from '@tegata/server/oauth/clients/client-cache';
import { registerClient } from '@tegata/server/oauth/clients/register-client';
import { defaultInteractionLifetimes, type InteractionDeps } from '@tegata/server/oauth/interaction/deps';
import { createInteractionEndpoints } from '@tegata/server/oauth/interaction/interaction-endpoints';
import { addUser } from '@tegata/server/oauth/interaction/users/accounts';
import { createPasswordHasher } from '@tegata/server/oauth/interaction/users/password-hash';
import { createMetadataPolicy } from '@tegata/server/oauth/metadata-policy';
import type { AuditEvent } from '@tegata/server/ports/audit';
import type { Endpoint } from '@tegata/server/ports/endpoint';
import type { Store } from '@tegata/server/ports/store';
import type { StoredToken } from '@tegata/server/ports/stores/tokens';
import type { UserRecord } from '@tegata/server/ports/stores/users';
import { openStore } from '@tegata/server/store/open-store';
import {
  codeChallenge,
  createTestKeyRing,
  redirectUri,
  silentLog,
  startOfTime,
  type TestKeyRing,
} from './oauth-harness.ts';

export const pagesIssuer = 'https://id.example.com';
export const alice = { username: 'aiko', name: 'Aiko Tanaka', password: 'a rather long sentence' } as const;
/** Cheap, for tests that are not about hashing. */
const cheapCost = { memory: 64, passes: 1, parallelism: 1 } as const;

export interface InteractionHarness {
  readonly clock: ManualClock;
  readonly store: Store;
  readonly keyRing: TestKeyRing;
  readonly events: AuditEvent[];
  readonly endpoints: readonly Endpoint[];
  readonly deps: InteractionDeps;
  /** A new browser without cookies. */
  browser(headers?: Readonly<Record<string, string>>): TestBrowser;
  /** Registers a client; by default a confidential web client of the operator. */
  addClient(metadata?: JsonObject, options?: { clientId?: string; dynamic?: boolean }): Promise<string>;
  addUser(account?: Partial<Parameters<typeof addUser>[1]>): Promise<UserRecord>;
  /** What a code stands for. */
  codeOf(location: string): Promise<StoredToken | undefined>;
  idToken(claims: JsonObject): Promise<string>;
  close(): Promise<void>;
}

/** Creates the pages over an empty store. */
export async function createInteractionHarness(change: Partial<InteractionDeps> = {}): Promise<InteractionHarness> {
  const clock = manualClock(startOfTime);
  const random = systemRandom();
  const store = unwrap(await openStore('sqlite::memory:', { clock }));
  const keyRing = createTestKeyRing();
  const events: AuditEvent[] = [];
  const clients = createClientRegistry({ store: store.clients, log: silentLog });
  const policy = createMetadataPolicy(['ES256', 'RS256'], ['albums.read', 'albums.write']);
  const deps: InteractionDeps = {
    issuer: pagesIssuer,
    store,
    clients,
    keyRing,
    passwords: createPasswordHasher({ random, cost: cheapCost }),
    sharedResources: ['https://api.example.com/shared'],
    lifetimes: defaultInteractionLifetimes,
    accessTokenLifetime: 600_000,
    refreshLifetime: 90 * day,
    random,
    audit: { record: (event) => void events.push(event) },
    metrics: { count() {}, observe() {} },
    ...change,
  };
  const endpoints = createInteractionEndpoints(deps);
  return {
    clock,
    store,
    keyRing,
    events,
    endpoints,
    deps,
    browser: (headers = {}) => new TestBrowser(endpoints, clock, headers),
    async addClient(metadata = {}, { clientId = 'photo-books', dynamic = false } = {}) {
      const input = { metadata: { ...clientDefaults, ...metadata }, source: 'operator', clientId } as const;
      const { record } = unwrap(registerClient(input, { policy, random, now: clock.now() }));
      const mark = dynamic ? { registrationTokenDigest: new Uint8Array(32) } : {};
      assert.equal(await clients.add({ ...record, ...mark }), 'added');
      return clientId;
    },
    async addUser(account = {}) {
      const tools = { now: clock.now(), random, passwords: deps.passwords };
      return unwrap(await addUser(store.users, { ...alice, administrator: false, ...account }, tools));
    },
    async codeOf(location) {
      const handle = parseHandle(new URL(location).searchParams.get('code') ?? '');
      return handle === undefined ? undefined : store.tokens.peekCode(digestHandle(handle), clock.now());
    },
    idToken: async (claims) => {
      const now = toNumericDate(clock.now());
      const all = { iss: deps.issuer, aud: 'photo-books', iat: now, exp: now + 600, ...claims };
      return signJwt({ typ: 'JWT' }, all, keyRing.tokenSigner('ES256'));
    },
    close: () => store.close(),
  };
}

const clientDefaults: JsonObject = {
  client_name: 'Photo Books',
  redirect_uris: [redirectUri],
  post_logout_redirect_uris: ['https://client.example/bye'],
  grant_types: ['authorization_code', 'refresh_token'],
  scope: 'openid profile email offline_access albums.read albums.write',
};

/** Address of the authorization endpoint with a request that succeeds; members set to `undefined` are left out. */
export function authorizePath(change: Readonly<Record<string, string | undefined>> = {}): string {
  const parameters = {
    response_type: 'code',
    client_id: 'photo-books',
    redirect_uri: redirectUri,
    scope: 'openid profile',
    state: 'af0ifjsldkj',
    nonce: 'n-0S6_WzA2Mj',
    code_challenge: codeChallenge,
    code_challenge_method: 'S256',
    ...change,
  };
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(parameters)) if (value !== undefined) query.append(name, value);
  return `/authorize?${query}`;
}

/** A form on a page, with the values that it sends by itself: hidden fields and checked boxes. */
export interface PageForm {
  readonly action: string;
  readonly hidden: Readonly<Record<string, string>>;
}

/** An answer as the browser got it. */
export class Page {
  readonly response: HttpResponse;
  readonly path: string;
  constructor(response: HttpResponse, path: string) {
    this.response = response;
    this.path = path;
  }
  get status(): number {
    return this.response.status;
  }
  get text(): string {
    return typeof this.response.body === 'string' ? this.response.body : '';
  }
  get location(): string {
    return this.header('location') ?? '';
  }
  /** Parameters of the address that the answer redirects to. */
  get answer(): URLSearchParams {
    return new URL(this.location, pagesIssuer).searchParams;
  }
  get heading(): string {
    return decode(/<h1>(.*?)<\/h1>/s.exec(this.text)?.[1]?.replace(/<[^>]*>/g, '') ?? '');
  }
  header(name: string): string | undefined {
    return responseHeader(this.response, name);
  }
  cookies(): readonly string[] {
    const { headers } = this.response;
    return headers.filter((_, at) => at % 2 === 1 && headers[at - 1]?.toLowerCase() === 'set-cookie');
  }
  /** The form that has this button. */
  form(name: string, value: string): PageForm {
    const forms = [...this.text.matchAll(/<form\b([^>]*)>(.*?)<\/form>/gs)];
    const button = new RegExp(`<button[^>]*name="${name}" value="${value}"`, 's');
    const found = name === '' ? forms[0] : forms.find(([, , inside]) => button.test(inside ?? ''));
    assert.ok(found, `there is no form with the button ${name}=${value} on: ${this.text.slice(0, 2000)}`);
    const sent = /<input type="(?:hidden|checkbox)" name="([^"]*)" value="([^"]*)"(?: checked)?>/g;
    const hidden = [...(found[2] ?? '').matchAll(sent)];
    return {
      action: /action="([^"]*)"/.exec(found[1] ?? '')?.[1] ?? '',
      hidden: Object.fromEntries(hidden.map(([, field = '', content = '']) => [field, decode(content)])),
    };
  }
}

function decode(text: string): string {
  return text.replace(
    /&(amp|lt|gt|quot|#39);/g,
    (_, name: string) => ({ amp: '&', lt: '<', gt: '>', quot: '"' })[name] ?? "'",
  );
}

export interface SendOptions {
  readonly body?: string;
  readonly headers?: Readonly<Record<string, string | undefined>>;
  readonly address?: string;
}

/** A browser: keeps cookies, sends forms from the page it looks at. */
export class TestBrowser {
  readonly cookies = new Map<string, string>();
  private readonly router;
  private readonly clock: ManualClock;
  private readonly headers: Readonly<Record<string, string>>;

  constructor(endpoints: readonly Endpoint[], clock: ManualClock, headers: Readonly<Record<string, string>>) {
    this.router = createRouter(endpoints);
    this.clock = clock;
    this.headers = headers;
  }

  /** Follows a link or an address, without following redirects. */
  get(address: string, options: SendOptions = {}): Promise<Page> {
    return this.send('GET', address, { ...options, headers: { 'sec-fetch-site': 'none', ...options.headers } });
  }

  /** Follows redirects as long as they stay on the server. */
  async open(address: string): Promise<Page> {
    let page = await this.get(address);
    for (let hops = 0; page.status === 303 && page.location.startsWith('/') && hops < 6; hops++) {
      page = await this.get(page.location);
    }
    return page;
  }

  /** Presses a button of a form on the page. */
  submit(
    page: Page,
    [name, value]: readonly [string, string],
    fields: Readonly<Record<string, string>> = {},
    options: SendOptions = {},
  ): Promise<Page> {
    const form = page.form(name, value);
    const pressed = name === '' ? {} : { [name]: value };
    const body = new URLSearchParams({ ...form.hidden, ...fields, ...pressed }).toString();
    return this.post(form.action, body, options);
  }

  post(address: string, body: string, options: SendOptions = {}): Promise<Page> {
    const headers = { 'sec-fetch-site': 'same-origin', origin: pagesIssuer, ...options.headers };
    return this.send('POST', address, { ...options, body, headers });
  }

  /** Signs in on the page that is open, without following the redirect. */
  signIn(page: Page, username: string = alice.username, password: string = alice.password): Promise<Page> {
    return this.submit(page, ['action', 'login'], { username, password });
  }

  async send(
    method: string,
    address: string,
    { body = '', headers, address: peer = '192.0.2.7' }: SendOptions,
  ): Promise<Page> {
    const [path = '', query = ''] = address.split('?', 2);
    const sent: Record<string, string | undefined> = {
      ...this.headers,
      ...(this.cookies.size === 0
        ? {}
        : { cookie: [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ') }),
      ...headers,
    };
    const now = this.clock.now();
    const request = {
      id: 'req-7',
      method,
      path,
      query,
      params: {},
      headers: sent,
      rawHeaders: Object.entries(sent).flatMap(([name, value]) => (value === undefined ? [] : [name, value])),
      body: encodeUtf8(body),
      peer: { address: peer, secure: true },
    };
    const match = this.router.find(method, path);
    assert.notEqual(match.kind, 'not_found', `nothing answers ${method} ${path}`);
    if (match.kind === 'not_found') throw new Error('unreachable');
    const response =
      match.kind === 'endpoint'
        ? await match.endpoint.handle(
            { ...request, params: match.params },
            { now, signal: new AbortController().signal },
          )
        : await match.endpoint.refuse({ kind: 'method_not_allowed', allowed: match.allowed }, request);
    const page = new Page(response, address);
    for (const cookie of page.cookies()) this.keep(cookie);
    return page;
  }

  private keep(cookie: string): void {
    const [pair = ''] = cookie.split(';', 1);
    const equals = pair.indexOf('=');
    if (/; Max-Age=0(;|$)/.test(cookie)) this.cookies.delete(pair.slice(0, equals));
    else this.cookies.set(pair.slice(0, equals), pair.slice(equals + 1));
  }
}
