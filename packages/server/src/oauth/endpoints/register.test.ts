import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { JsonObject } from '@tegata/core/codec/json';
import { systemRandom } from '@tegata/core/random';
import {
  type Answer,
  assertOAuthError,
  basic,
  type CallOptions,
  createOAuthHarness,
  issuer,
  type OAuthHarness,
} from '../../../../../test/support/oauth-harness.ts';
import { issueInitialAccessToken } from '../clients/initial-access-token.ts';

let server: OAuthHarness;
const metadata = { client_name: 'Registered', redirect_uris: ['https://client.example/cb'] };

before(async () => {
  server = await createOAuthHarness();
});
after(() => server.close());

const initialToken = (lifetime = 60_000): Promise<string> =>
  issueInitialAccessToken(server.store.oneTime, systemRandom(), server.clock.now(), lifetime);
const register = (token: string, body: object | string | Uint8Array = metadata): Promise<Answer> =>
  server.call('registration', { authorization: `Bearer ${token}`, body: bodyOf(body) });
const bodyOf = (body: object | string | Uint8Array): string | Uint8Array =>
  typeof body === 'string' || body instanceof Uint8Array ? body : JSON.stringify(body);

/** Calls the client configuration endpoint as the client that `registered` describes. */
function manage(registered: JsonObject, method: string, options: CallOptions = {}): Promise<Answer> {
  return server.call('client_configuration', {
    method,
    params: { client_id: String(registered.client_id) },
    authorization: `Bearer ${registered.registration_access_token}`,
    ...options,
  });
}

test('a client registers, learns what it is, and can use it at once', async () => {
  const answer = await register(await initialToken(), {
    ...metadata,
    grant_types: ['client_credentials'],
    scope: 'api:read',
  });
  assert.equal(answer.status, 201, answer.text);
  assert.equal(answer.header('cache-control'), 'no-store');
  const { client_id, client_secret, registration_access_token, ...rest } = answer.json;
  assert.match(String(registration_access_token), /^[A-Za-z0-9_-]{43}$/);
  assert.deepEqual(rest, {
    client_id_issued_at: Math.floor(server.clock.now() / 1000),
    client_secret_expires_at: 0,
    registration_client_uri: `${issuer}/register/${client_id}`,
    ...metadata,
    application_type: 'web',
    token_endpoint_auth_method: 'client_secret_basic',
    grant_types: ['client_credentials'],
    response_types: [],
    scope: 'api:read',
    id_token_signed_response_alg: 'ES256',
    access_token_format: 'jwt',
    access_token_signed_response_alg: 'ES256',
  });
  const token = await server.call('token', {
    form: { grant_type: 'client_credentials' },
    authorization: basic(String(client_id), String(client_secret)),
  });
  assert.equal(token.status, 200, token.text);
  assert.equal(JSON.stringify(server.events).includes(String(client_secret)), false);
});

test('an initial access token is good for one client, and a mistake in the metadata does not use it up', async () => {
  const token = await initialToken();
  assertOAuthError(await register(token, { redirect_uris: ['http://x'] }), 400, 'invalid_redirect_uri');
  assert.equal((await register(token)).status, 201);
  assertOAuthError(await register(token), 401, 'invalid_token');
  const raced = await initialToken();
  const answers = await Promise.all(Array.from({ length: 10 }, () => register(raced)));
  assert.equal(answers.filter(({ status }) => status === 201).length, 1);
});

test('without a usable initial access token nobody registers', async () => {
  assert.equal((await server.call('registration', { body: '{}' })).status, 401);
  const expired = await initialToken(1000);
  server.clock.advance(1000);
  for (const token of [expired, 'nonsense', `${'0'.repeat(21)}.${'A'.repeat(32)}`]) {
    const answer = await register(token);
    assertOAuthError(answer, 401, 'invalid_token');
    assert.match(answer.header('www-authenticate') ?? '', /^Bearer /);
  }
});

test('metadata that cannot be read is invalid_client_metadata', async () => {
  const token = await initialToken();
  const nested = `{"a":${'['.repeat(20)}${']'.repeat(20)}}`;
  const bodies = ['', 'x', '[]', '5', 'null', '{"a":1,"a":2}', nested, Buffer.from([0x7b, 0xff, 0x7d])];
  for (const body of bodies) {
    assertOAuthError(await register(token, body), 400, 'invalid_client_metadata');
  }
});

test('RFC 9700: a registering client chooses neither its id nor what only the operator grants', async () => {
  const wishes = { client_id: 'usr_root', client_secret: 'mine', skip_consent: true, introspect_all_tokens: true };
  const { json } = await register(await initialToken(), { ...metadata, ...wishes });
  assert.notEqual(json.client_id, 'usr_root');
  assert.notEqual(json.client_secret, 'mine');
  assert.deepEqual([json.skip_consent, json.introspect_all_tokens], [undefined, undefined]);
});

test('a client reads its registration, without its secret', async () => {
  const { json: registered } = await register(await initialToken());
  const answer = await manage(registered, 'GET');
  const { client_secret: _, client_secret_expires_at: _expires, ...expected } = registered;
  assert.deepEqual([answer.status, answer.json], [200, expected]);
});

test('RFC 7592: a replacement replaces everything and takes effect at once', async () => {
  const { json: registered } = await register(await initialToken(), {
    ...metadata,
    client_uri: 'https://client.example/',
  });
  const next = {
    client_id: registered.client_id,
    client_secret: registered.client_secret,
    redirect_uris: ['https://client.example/2'],
  };
  const answer = await manage(registered, 'PUT', { body: JSON.stringify(next) });
  assert.equal(answer.status, 200, answer.text);
  assert.deepEqual(
    [answer.json.redirect_uris, answer.json.client_uri, answer.json.client_name, answer.json.client_secret],
    [['https://client.example/2'], undefined, undefined, undefined],
  );
  assert.deepEqual((await manage(registered, 'GET')).json, answer.json);
});

test('RFC 7592: a replacement that names another client, or members of the server, is refused', async () => {
  const { json: registered } = await register(await initialToken());
  const base = { client_id: registered.client_id, ...metadata };
  const table: readonly [string, object, string][] = [
    ['without client_id', metadata, 'invalid_request'],
    ['of another client', { ...base, client_id: 'x' }, 'invalid_request'],
    ['with the registration token', { ...base, registration_access_token: 'x' }, 'invalid_request'],
    ['with the registration address', { ...base, registration_client_uri: 'x' }, 'invalid_request'],
    ['with the expiry of the secret', { ...base, client_secret_expires_at: 0 }, 'invalid_request'],
    ['with the time of issue', { ...base, client_id_issued_at: 0 }, 'invalid_request'],
    ['with another secret', { ...base, client_secret: 'x' }, 'invalid_request'],
    ['with bad metadata', { ...base, grant_types: ['implicit'] }, 'invalid_client_metadata'],
  ];
  for (const [name, body, code] of table) {
    const answer = await manage(registered, 'PUT', { body: JSON.stringify(body) });
    assert.deepEqual([answer.status, answer.json.error], [400, code], name);
  }
});

test('two replacements at the same time both succeed, one after the other', async () => {
  const { json: registered } = await register(await initialToken());
  const body = (name: string) => JSON.stringify({ ...metadata, client_id: registered.client_id, client_name: name });
  const answers = await Promise.all(['one', 'two'].map((name) => manage(registered, 'PUT', { body: body(name) })));
  assert.deepEqual(
    answers.map(({ status }) => status),
    [200, 200],
  );
});

test('RFC 7592: a removed client is gone, with its tokens, and its registration token is refused', async () => {
  const wanted = { ...metadata, grant_types: ['client_credentials'], scope: 'api:read' };
  const { json: registered } = await register(await initialToken(), wanted);
  const authorization = basic(String(registered.client_id), String(registered.client_secret));
  const form = { grant_type: 'client_credentials' };
  const token = await server.call('token', { form, authorization });
  const auditor = await server.addClient({ grant_types: [], redirect_uris: [], introspect_all_tokens: true });
  const asked = { form: { token: String(token.json.access_token) }, authorization: auditor.basic };
  assert.equal((await server.call('introspection', asked)).json.active, true);

  const removed = await manage(registered, 'DELETE');
  assert.deepEqual([removed.status, removed.text], [204, '']);
  assert.equal((await server.call('introspection', asked)).json.active, false);
  assertOAuthError(await server.call('token', { form, authorization }), 401, 'invalid_client');
  for (const method of ['GET', 'PUT', 'DELETE']) {
    assertOAuthError(await manage(registered, method), 401, 'invalid_token');
  }
});

test('a registration token opens its own client only', async () => {
  const { json: one } = await register(await initialToken());
  const { json: two } = await register(await initialToken());
  const byOperator = await server.addClient();
  for (const client_id of [String(two.client_id), byOperator.clientId, 'nobody', '']) {
    assertOAuthError(await manage(one, 'GET', { params: { client_id } }), 401, 'invalid_token');
  }
  assert.equal((await manage(one, 'GET', { authorization: '' })).status, 401);
  assertOAuthError(await manage(one, 'GET', { authorization: 'Bearer a b' }), 400, 'invalid_request');
});

test('registration is off unless it is switched on, and then not announced', async () => {
  const closed = await createOAuthHarness(() => ({ registration: 'off' }));
  const names = closed.endpoints.map(({ name }) => name);
  assert.equal(names.includes('registration') || names.includes('client_configuration'), false);
  const { json } = await closed.call('oauth_authorization_server');
  assert.equal(json.registration_endpoint, undefined);
  await closed.close();
});
