import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { signJwt } from '@tegata/core/jose/jwt';
import { toNumericDate } from '@tegata/core/time/clock';
import {
  type Answer,
  assertOAuthError,
  createOAuthHarness,
  exchange,
  issuer,
  type OAuthHarness,
  type TestClient,
} from '../../../../../test/support/oauth-harness.ts';

let server: OAuthHarness;
let client: TestClient;
let opaqueClient: TestClient;
let stranger: TestClient;
let api: TestClient;
let auditor: TestClient;
let user: string;

before(async () => {
  server = await createOAuthHarness();
  client = await server.addClient();
  opaqueClient = await server.addClient({ access_token_format: 'opaque' });
  stranger = await server.addClient();
  const resourceServer = { grant_types: [], redirect_uris: [] };
  api = await server.addClient({ ...resourceServer, served_resources: ['https://shared.example/api'] });
  auditor = await server.addClient({ ...resourceServer, introspect_all_tokens: true });
  user = await server.addUser();
});
after(() => server.close());

const introspect = (token: unknown, by: TestClient = client, further = {}): Promise<Answer> =>
  server.call('introspection', { form: { token: String(token), ...further }, authorization: by.basic });

async function accessToken(by: TestClient, form: Record<string, string> = {}): Promise<string> {
  const request = { grant_type: 'client_credentials', scope: 'api:read', ...form };
  const answer = await server.call('token', { form: request, authorization: by.basic });
  return String(answer.json.access_token);
}

function assertInactive(answer: Answer, message = ''): void {
  assert.deepEqual([answer.status, answer.text], [200, '{"active":false}'], message || 'it should be inactive');
  assert.equal(answer.header('cache-control'), 'no-store');
}

test('a live token is described, JWT and opaque alike', async () => {
  for (const by of [client, opaqueClient]) {
    const { jti, ...answer } = (await introspect(await accessToken(by), by)).json;
    const now = toNumericDate(server.clock.now());
    assert.equal(typeof jti, 'string');
    assert.deepEqual(answer, {
      active: true,
      scope: 'api:read',
      client_id: by.clientId,
      token_type: 'Bearer',
      exp: now + 600,
      iat: now,
      sub: by.clientId,
      aud: issuer,
      iss: issuer,
    });
  }
});

test('a token that a user authorised says who signed in and when', async () => {
  for (const by of [client, opaqueClient]) {
    const code = await server.putCode({ client: by, subject: user, detail: { acr: 'phr' } });
    const issued = await server.call('token', { form: exchange(code), authorization: by.basic });
    const { json } = await introspect(issued.json.access_token, by);
    const signedInAt = toNumericDate(server.clock.now()) - 5;
    assert.deepEqual([json.sub, json.auth_time, json.acr, json.amr], [user, signedInAt, 'phr', ['pwd']]);
  }
});

test('RFC 7662: a client sees its own tokens and those meant for it; others are not even said to exist', async () => {
  for (const by of [client, opaqueClient]) {
    const own = await accessToken(by);
    const forApi = await accessToken(by, { resource: 'https://shared.example/api' });
    assert.equal((await introspect(own, by)).json.active, true);
    assert.equal((await introspect(forApi, by)).json.active, true);
    assertInactive(await introspect(own, api));
    assert.equal((await introspect(forApi, api)).json.active, true);
    assertInactive(await introspect(own, stranger));
    assertInactive(await introspect(forApi, stranger));
    assert.equal((await introspect(own, auditor)).json.active, true);
  }
});

test('only clients that authenticate may ask', async () => {
  const open = await server.addClient({ token_endpoint_auth_method: 'none', grant_types: ['authorization_code'] });
  const token = await accessToken(client);
  assertOAuthError(
    await server.call('introspection', { form: { token, client_id: open.clientId } }),
    401,
    'invalid_client',
  );
  assertOAuthError(await server.call('introspection', { form: { token } }), 401, 'invalid_client');
  assertOAuthError(await introspect(token, { ...client, basic: stranger.basic.slice(0, -4) }), 401, 'invalid_client');
});

test('a refresh token is live for its own client alone, and not as a Bearer token', async () => {
  const code = await server.putCode({ client, subject: user });
  const issued = await server.call('token', { form: exchange(code), authorization: client.basic });
  const token = issued.json.refresh_token;
  const { json } = await introspect(token, client, { token_type_hint: 'refresh_token' });
  assert.deepEqual([json.active, json.sub, json.token_type], [true, user, undefined]);
  assertInactive(await introspect(token, auditor));
  await server.call('token', {
    form: { grant_type: 'refresh_token', refresh_token: String(token) },
    authorization: client.basic,
  });
  assertInactive(await introspect(token), 'once it has been used');
});

test('expiry is seen although the token is remembered', async () => {
  for (const by of [client, opaqueClient]) {
    const token = await accessToken(by);
    assert.equal((await introspect(token, by)).json.active, true);
    server.clock.advance(599_999);
    assert.equal((await introspect(token, by)).json.active, true);
    server.clock.advance(1);
    assertInactive(await introspect(token, by));
  }
});

test('a revocation on another node is seen after the next poll, although the token is remembered', async () => {
  const token = await accessToken(client);
  const { json } = await introspect(token);
  const now = server.clock.now();
  await server.store.revocations.add({
    kind: 'jti',
    value: String(json.jti),
    revokedAt: now,
    expiresAt: now + 600_000,
  });
  await server.revocations.poll(now);
  assertInactive(await introspect(token));
});

test('a removed key takes its tokens with it, and a rotated one does not', async () => {
  const token = await accessToken(client);
  const before = server.keyRing.tokenSigner('ES256').keyId;
  server.keyRing.rotate('ES256');
  assert.equal((await introspect(token)).json.active, true);
  server.keyRing.remove(before);
  assertInactive(await introspect(token));
  assert.equal((await introspect(await accessToken(client))).json.active, true);
});

test('a removed client takes its tokens with it', async () => {
  const gone = await server.addClient();
  const token = await accessToken(gone);
  await server.store.clients.remove(gone.clientId, server.clock.now());
  await server.revocations.poll(server.clock.now());
  assertInactive(await introspect(token, auditor));
});

test('RFC 8725: whatever is no access token of this server is inactive', async () => {
  const code = await server.putCode({ client, subject: user });
  const issued = await server.call('token', { form: exchange(code), authorization: client.basic });
  const signer = server.keyRing.tokenSigner('ES256');
  const now = toNumericDate(server.clock.now());
  const claims = { iss: issuer, sub: 'x', aud: issuer, client_id: client.clientId, iat: now, exp: now + 60, jti: 'j' };
  const good = await accessToken(client);
  const [header = '', payload = '', signature = ''] = good.split('.');
  const none = Buffer.from(JSON.stringify({ alg: 'none', typ: 'at+jwt', kid: signer.keyId })).toString('base64url');
  const wrong: readonly [string, unknown][] = [
    ['an ID Token', issued.json.id_token],
    ['a code', code],
    ['a logout token', await signJwt({ typ: 'logout+jwt' }, claims, signer)],
    ['a token of another issuer', await signJwt({ typ: 'at+jwt' }, { ...claims, iss: 'https://x.example' }, signer)],
    ['a token without client', await signJwt({ typ: 'at+jwt' }, { ...claims, client_id: 5 }, signer)],
    ['a token without expiry', await signJwt({ typ: 'at+jwt' }, { ...claims, exp: null }, signer)],
    ['an unsigned token', `${none}.${payload}.`],
    ['a token with another header', `${none}.${payload}.${signature}`],
    ['a token with another payload', `${header}.${payload.slice(0, -2)}AA.${signature}`],
    ['a token with another signature', `${header}.${payload}.${signature.slice(0, -3)}AAA`],
    ['a token with padding', `${good}=`],
    ['nonsense', 'nonsense'],
    ['a handle', `${'0'.repeat(21)}.${'A'.repeat(32)}`],
    ['a very long text', 'a.'.repeat(4500)],
  ];
  for (const [name, token] of wrong) assertInactive(await introspect(token, auditor), name);
  assertOAuthError(
    await server.call('introspection', { form: {}, authorization: client.basic }),
    400,
    'invalid_request',
  );
});
