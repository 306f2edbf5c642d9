/** A server with something to lose, and every endpoint of it with what an attacker may know. */
import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { encodeBase64url } from '@tegata/core/codec/base64url';
import { systemRandom } from '@tegata/core/random';
import { issueInitialAccessToken } from '@tegata/server/oauth/clients/initial-access-token';
import type { Endpoint } from '@tegata/server/ports/endpoint';
import { redirectUri } from '../../support/oauth-harness.ts';
import type { TestServer } from '../../support/server.ts';
import { type AcmeAccount, openAcmeAccount, placeReadyOrder } from '../support/acme-account.ts';
import { createInstallation, type Installation } from '../support/installation.ts';
import { listMounted } from '../support/mounted.ts';
import { addApp, openBackdoor, type TestApp } from '../support/passes.ts';
import { createWeb, type Web, type WebAnswer } from '../support/web.ts';
import type { Attack, Target } from './attack.ts';
import { formAttacks } from './form-attacks.ts';
import { hostileAddresses, httpAttacks } from './http-attacks.ts';
import { type AcmeKnowledge, joseAttacks } from './jose-attacks.ts';
import { jsonAttacks } from './json-attacks.ts';
import type { ErrorFormat } from './judge.ts';
import { randomAttacks } from './random-attacks.ts';

export interface Listener {
  readonly name: string;
  readonly port: number;
  readonly secure: boolean;
  readonly targets: readonly Target[];
}

export interface Victim {
  readonly installation: Installation;
  readonly server: TestServer;
  readonly listeners: readonly Listener[];
  /** `whole`: everything. `content`: what may reach the store, without the attacks on HTTP itself. */
  attacksOn(target: Target, extent: 'whole' | 'content'): readonly Attack[];
  /** What may be sent to sign in: a fresh form of the server with these values. */
  signIn(username: string, password: string): Promise<WebAnswer>;
  stop(): Promise<number | null>;
}

const randomCount = 12;

/** @param storeUrl database other than the SQLite file of the data folder */
export async function prepareVictim(storeUrl?: string): Promise<Victim> {
  const installation = await createInstallation({
    oauth: { registration: { enabled: true } },
    acme: { validation: { alwaysValid: true } },
    ...(storeUrl === undefined ? {} : { store: { url: storeUrl } }),
  });
  const server = await installation.start();
  const web = createWeb(server.port, server.root);
  const app = await addApp(server, 'app');
  const registered = await registerDynamically(storeUrl ?? `sqlite:${installation.database}`, web);
  const account = await openAcmeAccount(web, installation.issuer);
  const places = await preparePlaces(account, installation.issuer);
  const mounted = await listMounted(server);
  const ids = { ...places.ids, client_id: registered.clientId, file: 'style.css' };
  const authorizations = credentialsFor(app, registered);
  const targetsOf = (endpoints: readonly Endpoint[]) =>
    endpoints.map((one) => toTarget(one, endpoints, ids, authorizations));
  const known: AcmeKnowledge = {
    issuer: installation.issuer,
    account,
    certificate: places.certificate,
    nonce: async () => (await web.call('HEAD', '/acme/new-nonce')).headers['replay-nonce'] as string,
  };
  return {
    installation,
    server,
    listeners: [
      { name: 'https', port: server.port, secure: true, targets: targetsOf(mounted.main) },
      { name: 'plain', port: server.plainPort, secure: false, targets: targetsOf(mounted.plain) },
      { name: 'metrics', port: server.metricsPort, secure: false, targets: targetsOf(mounted.metrics) },
    ],
    attacksOn: (target, extent) => [
      ...(extent === 'whole' ? httpAttacks(target) : hostileAddresses(target)),
      ...contentAttacks(target, app, registered, known),
      ...randomAttacks(target, randomCount),
    ],
    signIn: (username, password) => signIn(web, username, password),
    async stop() {
      web.close();
      const code = await server.stop();
      installation.remove();
      return code;
    },
  };
}

async function signIn(web: Web, username: string, password: string): Promise<WebAnswer> {
  const page = await web.call('GET', '/login');
  const ticket = /name="ticket" value="([^"]+)"/.exec(page.text)?.[1];
  assert.ok(ticket, page.text);
  const cookies = [page.headers['set-cookie'] ?? []].flat().map((cookie) => cookie.split(';', 1)[0]);
  const headers = { Cookie: cookies.join('; '), 'Sec-Fetch-Site': 'same-origin' };
  return web.call('POST', '/login', { headers, form: { ticket, username, password, action: 'login' } });
}

function contentAttacks(target: Target, app: TestApp, registered: Registered, known: AcmeKnowledge): readonly Attack[] {
  switch (target.endpoint.body.mediaType) {
    case undefined:
      return [];
    case 'application/x-www-form-urlencoded':
      return formAttacks(target, app.clientId);
    case 'application/json': {
      const good = { redirect_uris: [redirectUri] };
      const identity = target.endpoint.path.includes('{client_id}') ? { client_id: registered.clientId } : {};
      return jsonAttacks(target, { ...good, ...identity });
    }
    case 'application/jose+json':
      return joseAttacks(target, known);
    default:
      throw new Error(`nobody has thought of attacks on ${target.endpoint.body.mediaType}`);
  }
}

interface Registered {
  readonly clientId: string;
  readonly registrationToken: string;
  /** Not used yet. */
  readonly initialAccessToken: string;
}

async function registerDynamically(storeUrl: string, web: Web): Promise<Registered> {
  const backdoor = await openBackdoor(storeUrl);
  const issueToken = () => issueInitialAccessToken(backdoor.store.oneTime, systemRandom(), Date.now(), 3_600_000);
  const spent = await issueToken();
  const initialAccessToken = await issueToken();
  await backdoor.close();
  const headers = { Authorization: `Bearer ${spent}`, 'Content-Type': 'application/json' };
  const answer = await web.call('POST', '/register', {
    headers,
    body: JSON.stringify({ redirect_uris: [redirectUri] }),
  });
  assert.equal(answer.status, 201, answer.text);
  const { client_id: clientId, registration_access_token: registrationToken } = answer.json as Record<string, string>;
  return { clientId: clientId as string, registrationToken: registrationToken as string, initialAccessToken };
}

/** One of each thing that ACME has: a certificate, and an order that waits for its request. */
async function preparePlaces(account: AcmeAccount, issuer: string) {
  const issued = await account.obtain('issued.test');
  const order = await placeReadyOrder(account, issuer, 'ready.test');
  const { authorizations } = (await account.post(order, '')).json as { authorizations: string[] };
  const authorization = authorizations[0] as string;
  const { challenges } = (await account.post(authorization, '')).json as unknown as { challenges: { url: string }[] };
  const last = (url: string): string => url.slice(url.lastIndexOf('/') + 1);
  return {
    ids: {
      account: last(account.url),
      order: last(order),
      authorization: last(authorization),
      challenge: last(challenges[0]?.url as string),
      certificate: last(issued.url),
    },
    certificate: encodeBase64url(new X509Certificate(issued.pem).raw),
  };
}

function credentialsFor(app: TestApp, registered: Registered): Readonly<Record<string, string>> {
  return {
    token: app.basic,
    introspection: app.basic,
    revocation: app.basic,
    registration: `Bearer ${registered.initialAccessToken}`,
    client_configuration: `Bearer ${registered.registrationToken}`,
  };
}

function toTarget(
  endpoint: Endpoint,
  all: readonly Endpoint[],
  ids: Readonly<Record<string, string>>,
  authorizations: Readonly<Record<string, string>>,
): Target {
  return {
    endpoint,
    path: endpoint.path.replace(/\{([^}]*)\}/g, (_, name: string) => ids[name] ?? 'x'),
    methods: all.filter(({ path }) => path === endpoint.path).flatMap(({ methods }) => methods),
    authorization: authorizations[endpoint.name],
  };
}

/** The format that the endpoint itself uses for a fault, which has to be the one of the protocol that its path belongs to. */
export async function formatOf({ endpoint }: Target): Promise<ErrorFormat> {
  const request = { id: 'r', method: 'GET', path: endpoint.path, query: '', params: {}, headers: {}, rawHeaders: [] };
  const peer = { address: '127.0.0.1', secure: true };
  const answer = await endpoint.refuse({ kind: 'body_unreadable' }, { ...request, body: new Uint8Array(0), peer });
  const type = String(answer.headers[answer.headers.indexOf('Content-Type') + 1]);
  const formats: Readonly<Record<string, ErrorFormat>> = {
    'application/json': 'oauth',
    'application/problem+json': 'acme',
    'text/html; charset=utf-8': 'page',
    'text/plain; charset=utf-8': 'plain',
  };
  const format = formats[type];
  assert.ok(format, `${endpoint.name} refuses in ${type}`);
  assert.equal(format === 'acme', /^\/(acme\/|directory$)/.test(endpoint.path), `${endpoint.path} speaks ${format}`);
  return format;
}
