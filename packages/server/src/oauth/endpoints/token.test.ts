import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { JsonObject } from '@tegata/core/codec/json';
import { sha256 } from '@tegata/core/crypto';
import { parseJwt, verifyJwt } from '@tegata/core/jose/jwt';
import { unwrap } from '@tegata/core/result';
import { toNumericDate } from '@tegata/core/time/clock';
import {
  type Answer,
  assertOAuthError,
  codeVerifier,
  createOAuthHarness,
  exchange,
  issuer,
  type OAuthHarness,
  type TestClient,
} from '../../../../../test/support/oauth-harness.ts';

let server: OAuthHarness;
let client: TestClient;
let other: TestClient;
let user: string;

before(async () => {
  server = await createOAuthHarness();
  client = await server.addClient();
  other = await server.addClient();
  user = await server.addUser();
});
after(() => server.close());

const token = (form: Record<string, string | readonly string[]>, by: TestClient = client): Promise<Answer> =>
  server.call('token', { form, authorization: by.basic });
const code = (input: Partial<Parameters<OAuthHarness['putCode']>[0]> = {}): Promise<string> =>
  server.putCode({ client, subject: user, ...input });

/** Claims of a token whose signature and kind are right. */
function claimsOf(text: unknown, typ: string): JsonObject {
  const kid = unwrap(parseJwt(String(text))).header.kid ?? '';
  const key = server.keyRing.verificationKey(kid);
  assert.ok(key);
  const rules = { typ, algorithms: [key.algorithm], keyFor: () => key.key, issuer, audience: undefined };
  return unwrap(verifyJwt(String(text), { ...rules, now: server.clock.now() })).claims;
}

test('a code is exchanged for an access token, a refresh token and an ID Token', async () => {
  const answer = await token(exchange(await code()));
  assert.equal(answer.status, 200, answer.text);
  assert.equal(answer.header('cache-control'), 'no-store');
  assert.deepEqual(
    [answer.json.token_type, answer.json.expires_in, answer.json.scope],
    ['Bearer', 600, 'openid offline_access api:read'],
  );
  const now = toNumericDate(server.clock.now());
  const { jti, ...access } = claimsOf(answer.json.access_token, 'at+jwt');
  assert.match(String(jti), /^[0-9a-v]{21}\.[A-Za-z0-9_-]{22}$/);
  assert.deepEqual(access, {
    iss: issuer,
    sub: user,
    aud: issuer,
    client_id: client.clientId,
    scope: 'openid offline_access api:read',
    iat: now,
    exp: now + 600,
    auth_time: now - 5,
    amr: ['pwd'],
  });
  const hash = Buffer.from(sha256(String(answer.json.access_token)).subarray(0, 16)).toString('base64url');
  assert.deepEqual(claimsOf(answer.json.id_token, 'JWT'), {
    iss: issuer,
    sub: user,
    aud: client.clientId,
    iat: now,
    exp: now + 600,
    auth_time: now - 5,
    nonce: 'n-0S6',
    amr: ['pwd'],
    sid: 'session',
    at_hash: hash,
  });
  assert.match(String(answer.json.refresh_token), /^[0-9a-v]{21}\.[A-Za-z0-9_-]{32}$/);
});

test('no ID Token without openid, and no refresh token without offline access or without the grant', async () => {
  const plain = await token(exchange(await code({ scopes: ['api:read'], detail: { offline: false } })));
  assert.deepEqual([plain.json.id_token, plain.json.refresh_token], [undefined, undefined]);
  const once = await server.addClient({ grant_types: ['authorization_code'] });
  const answer = await token(exchange(await code({ client: once })), once);
  assert.equal(answer.status, 200);
  assert.equal(answer.json.refresh_token, undefined);
});

test('a client registered for RS256 gets tokens signed with it', async () => {
  const algorithms = { id_token_signed_response_alg: 'RS256', access_token_signed_response_alg: 'RS256' };
  const rs = await server.addClient(algorithms);
  const answer = await token(exchange(await code({ client: rs })), rs);
  assert.equal(unwrap(parseJwt(String(answer.json.id_token))).header.alg, 'RS256');
  assert.equal(unwrap(parseJwt(String(answer.json.access_token))).header.alg, 'RS256');
  claimsOf(answer.json.id_token, 'JWT');
});

test('a public client exchanges a code by PKCE alone', async () => {
  const open = await server.addClient({
    token_endpoint_auth_method: 'none',
    grant_types: ['authorization_code', 'refresh_token'],
  });
  const form = { ...exchange(await code({ client: open })), client_id: open.clientId };
  const answer = await server.call('token', { form });
  assert.equal(answer.status, 200, answer.text);
  const refreshed = await server.call('token', {
    form: { grant_type: 'refresh_token', refresh_token: String(answer.json.refresh_token), client_id: open.clientId },
  });
  assert.equal(refreshed.status, 200, refreshed.text);
  assert.notEqual(refreshed.json.refresh_token, answer.json.refresh_token, 'RFC 9700: rotated for public clients');
});

test('RFC 9700: a code is for its own client, redirect URI and verifier; a wrong attempt does not spend it', async () => {
  const text = await code();
  const form = exchange(text);
  const { code_verifier: _, ...withoutVerifier } = form;
  const wrong: readonly [string, Record<string, string>, TestClient?][] = [
    ['of another client', form, other],
    ['with another redirect URI', { ...form, redirect_uri: 'https://client.example/callback/' }],
    ['with another verifier', { ...form, code_verifier: 'a'.repeat(43) }],
    ['without a verifier', withoutVerifier],
    ['with another secret', { ...form, code: `${text.slice(0, -4)}AAAA` }],
  ];
  for (const [name, attempt, by] of wrong) {
    const answer = await token(attempt, by);
    assert.deepEqual([answer.status, answer.json.error], [400, 'invalid_grant'], name);
  }
  const { redirect_uri: _uri, ...withoutUri } = form;
  assert.equal((await token(withoutUri)).status, 200, 'OAuth 2.1 needs no redirect_uri here');
});

test('RFC 9700: a verifier without a challenge is refused, and so is a code that was never bound to one', async () => {
  for (const form of [exchange(await code({ detail: { codeChallenge: undefined } }))]) {
    assertOAuthError(await token(form), 400, 'invalid_grant');
    const { code_verifier: _, ...bare } = form;
    assertOAuthError(await token(bare), 400, 'invalid_grant');
  }
});

test('RFC 7636: a challenge is never compared as plain', async () => {
  const text = await code({ detail: { codeChallenge: codeVerifier } });
  assertOAuthError(await token(exchange(text)), 400, 'invalid_grant');
});

test('a code expires after its minute', async () => {
  const text = await code();
  server.clock.advance(60_000);
  assertOAuthError(await token(exchange(text)), 400, 'invalid_grant');
});

test('RFC 6749: a code that comes twice revokes everything that came of it, JWTs included', async () => {
  const text = await code();
  const first = await token(exchange(text));
  const alive = await server.call('userinfo', { authorization: `Bearer ${first.json.access_token}` });
  assert.equal(alive.status, 200);
  assertOAuthError(await token(exchange(text)), 400, 'invalid_grant');
  const dead = await server.call('userinfo', { authorization: `Bearer ${first.json.access_token}` });
  assert.equal(dead.json.error, 'invalid_token');
  const refresh = { grant_type: 'refresh_token', refresh_token: String(first.json.refresh_token) };
  assertOAuthError(await token(refresh), 400, 'invalid_grant');
  assert.ok(server.events.some(({ event, detail }) => event === 'token.reuse_detected' && detail?.kind === 'code'));
  const elsewhere = await server.store.revocations.since(0, server.clock.now());
  assert.ok(
    elsewhere.some(({ kind }) => kind === 'family'),
    'other nodes learn of it',
  );
});

test('of fifty simultaneous redemptions of one code exactly one wins', async () => {
  const form = exchange(await code());
  const answers = await Promise.all(Array.from({ length: 50 }, () => token(form)));
  assert.equal(answers.filter(({ status }) => status === 200).length, 1);
  assert.ok(answers.every(({ status, json }) => status === 200 || json.error === 'invalid_grant'));
});

test('scope and audience of a code exchange are what was authorised, narrowed by resource', async () => {
  const both = ['https://shared.example/api', issuer];
  const text = await code({ resources: both });
  assertOAuthError(await token(exchange(text, { resource: 'https://elsewhere.example' })), 400, 'invalid_target');
  const answer = await token(exchange(text, { resource: 'https://shared.example/api' }));
  assert.equal(claimsOf(answer.json.access_token, 'at+jwt').aud, 'https://shared.example/api');
  const refresh = { grant_type: 'refresh_token', refresh_token: String(answer.json.refresh_token) };
  const whole = await token(refresh);
  assert.deepEqual(claimsOf(whole.json.access_token, 'at+jwt').aud, both);
});

test('the client credentials grant gives the client a token of its own', async () => {
  const answer = await token({ grant_type: 'client_credentials', scope: 'api:read' });
  assert.equal(answer.status, 200, answer.text);
  assert.deepEqual(Object.keys(answer.json), ['access_token', 'token_type', 'expires_in', 'scope']);
  const claims = claimsOf(answer.json.access_token, 'at+jwt');
  assert.deepEqual([claims.sub, claims.client_id, claims.scope], [client.clientId, client.clientId, 'api:read']);
  assert.match(String(claims.jti), /^[A-Za-z0-9_-]{22}$/);
});

test('client credentials: all scopes of the client but those of users by default, and never one of those', async () => {
  const answer = await token({ grant_type: 'client_credentials' });
  assert.equal(answer.json.scope, 'api:read api:write');
  for (const scope of ['openid', 'offline_access api:read', 'admin', 'api:read  api:write', 'a"b']) {
    assertOAuthError(await token({ grant_type: 'client_credentials', scope }), 400, 'invalid_scope');
  }
});

test('RFC 8707: resource may repeat and decides the audience; a foreign or malformed one is invalid_target', async () => {
  const named = await server.addClient({ allowed_resources: ['https://api.example'] });
  const form = { grant_type: 'client_credentials' };
  const aud = async (resource: readonly string[]) => {
    const answer = await token({ ...form, resource }, named);
    return claimsOf(answer.json.access_token, 'at+jwt').aud;
  };
  assert.deepEqual(await aud([]), 'https://api.example');
  assert.deepEqual(await aud(['https://shared.example/api', 'https://api.example']), [
    'https://shared.example/api',
    'https://api.example',
  ]);
  for (const resource of ['https://api.example/', 'api', 'https://api.example#x', 'https://evil.example']) {
    assertOAuthError(await token({ ...form, resource }, named), 400, 'invalid_target');
  }
});

test('an opaque access token is a handle that the store knows by digest', async () => {
  const opaque = await server.addClient({ access_token_format: 'opaque' });
  for (const form of [
    { grant_type: 'client_credentials', scope: 'api:read' },
    exchange(await code({ client: opaque })),
  ]) {
    const answer = await token(form, opaque);
    assert.match(String(answer.json.access_token), /^[0-9a-v]{21}\.[A-Za-z0-9_-]{32}$/);
    const seen = await server.call('introspection', {
      form: { token: String(answer.json.access_token) },
      authorization: opaque.basic,
    });
    assert.equal(seen.json.active, true);
  }
});

test('a grant that the client is not registered for is unauthorized_client', async () => {
  const machine = await server.addClient({ grant_types: ['client_credentials'], redirect_uris: [] });
  const text = await code({ client: machine });
  assertOAuthError(await token(exchange(text), machine), 400, 'unauthorized_client');
});

test('RFC 9700: there is no password grant, and no implicit one', async () => {
  for (const grant_type of [
    'password',
    'implicit',
    'urn:ietf:params:oauth:grant-type:saml2-bearer',
    'Client_Credentials',
  ]) {
    assertOAuthError(await token({ grant_type, username: 'a', password: 'b' }), 400, 'unsupported_grant_type');
  }
});
