import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { parseJwt } from '@tegata/core/jose/jwt';
import { unwrap } from '@tegata/core/result';
import { day, hour, second as seconds } from '@tegata/core/time/duration';
import {
  type Answer,
  assertOAuthError,
  createOAuthHarness,
  exchange,
  type OAuthHarness,
  type TestClient,
} from '../../../../../test/support/oauth-harness.ts';

let server: OAuthHarness;
let client: TestClient;
let user: string;
let first: Answer;

before(async () => {
  server = await createOAuthHarness();
  client = await server.addClient();
  user = await server.addUser();
});
after(() => server.close());
beforeEach(async () => {
  first = await redeem(client);
});

async function redeem(by: TestClient): Promise<Answer> {
  const code = await server.putCode({ client: by, subject: user });
  return server.call('token', { form: exchange(code), authorization: by.basic });
}

const refresh = (
  token: unknown = first.json.refresh_token,
  further: Record<string, string> = {},
  by = client,
): Promise<Answer> =>
  server.call('token', {
    form: { grant_type: 'refresh_token', refresh_token: String(token), ...further },
    authorization: by.basic,
  });
const familyOf = (answer: Answer): string =>
  String(unwrap(parseJwt(String(answer.json.access_token))).claims.jti).split('.')[0] ?? '';

test('every use replaces the refresh token, within one family, and the ID Token keeps the sign-in but not the nonce', async () => {
  const second = await refresh();
  assert.equal(second.status, 200, second.text);
  assert.notEqual(second.json.refresh_token, first.json.refresh_token);
  assert.equal(familyOf(second), familyOf(first));
  const before = unwrap(parseJwt(String(first.json.id_token))).claims;
  const { nonce, sid, auth_time } = unwrap(parseJwt(String(second.json.id_token))).claims;
  assert.deepEqual([nonce, sid, auth_time], [undefined, before.sid, before.auth_time]);
  const third = await refresh(second.json.refresh_token);
  assert.equal(third.status, 200);
});

test('within ten seconds a repetition gets the same successor again, because the first answer may have been lost', async () => {
  const second = await refresh();
  server.clock.advance(9 * seconds);
  const again = await refresh();
  assert.equal(again.status, 200, again.text);
  assert.equal(again.json.refresh_token, second.json.refresh_token);
  assert.notEqual(again.json.access_token, second.json.access_token);
});

test('RFC 9700: reuse after the grace period revokes the family', async () => {
  const second = await refresh();
  server.clock.advance(10 * seconds + 1);
  assertOAuthError(await refresh(), 400, 'invalid_grant');
  assertOAuthError(await refresh(second.json.refresh_token), 400, 'invalid_grant');
  const dead = await server.call('userinfo', { authorization: `Bearer ${second.json.access_token}` });
  assert.equal(dead.json.error, 'invalid_token', 'JWTs of the family are refused at once');
});

test('RFC 9700: reuse within the grace period revokes the family once the successor has been used', async () => {
  const second = await refresh();
  const third = await refresh(second.json.refresh_token);
  assertOAuthError(await refresh(), 400, 'invalid_grant');
  assertOAuthError(await refresh(third.json.refresh_token), 400, 'invalid_grant');
});

test('RFC 9700: of parallel uses all within the grace period get one and the same successor', async () => {
  const answers = await Promise.all(Array.from({ length: 20 }, () => refresh()));
  assert.ok(answers.every(({ status }) => status === 200));
  assert.equal(new Set(answers.map(({ json }) => json.refresh_token)).size, 1);
});

test('RFC 9700: a refresh token of another client is refused and stays usable', async () => {
  const other = await server.addClient();
  assertOAuthError(await refresh(undefined, {}, other), 400, 'invalid_grant');
  assert.equal((await refresh()).status, 200);
});

test('RFC 9700: scope is only narrowed, for this access token alone', async () => {
  const narrow = await refresh(undefined, { scope: 'api:read' });
  assert.deepEqual([narrow.json.scope, narrow.json.id_token], ['api:read', undefined]);
  assertOAuthError(await refresh(narrow.json.refresh_token, { scope: 'api:read api:write' }), 400, 'invalid_scope');
  const whole = await refresh(narrow.json.refresh_token);
  assert.equal(whole.json.scope, 'openid offline_access api:read');
});

test('RFC 9700: resources are only narrowed', async () => {
  assertOAuthError(await refresh(undefined, { resource: 'https://evil.example' }), 400, 'invalid_target');
  const answer = await refresh(undefined, { resource: 'https://shared.example/api' });
  assert.equal(unwrap(parseJwt(String(answer.json.access_token))).claims.aud, 'https://shared.example/api');
});

test('a scope that the client has lost since is gone from its authorizations', async () => {
  const own = await server.addClient();
  const before = await redeem(own);
  const record = await server.store.clients.load(own.clientId);
  assert.ok(record);
  const metadata = { ...record.metadata, scope: 'openid offline_access' };
  await server.store.clients.replace({ ...record, metadata, version: record.version + 1 });
  server.clock.advance(31 * seconds);
  const after = await refresh(before.json.refresh_token, {}, own);
  assert.equal(after.json.scope, 'openid offline_access');
});

test('RFC 9700: a refresh token that is not used for thirty days is dead', async () => {
  server.clock.advance(30 * day - seconds);
  const second = await refresh();
  assert.equal(second.status, 200);
  server.clock.advance(30 * day);
  assertOAuthError(await refresh(second.json.refresh_token), 400, 'invalid_grant');
});

test('refreshing prolongs an authorization for ninety days and not longer', async () => {
  let token = first.json.refresh_token;
  for (let at = 0; at < 4; at++) {
    server.clock.advance(22 * day);
    const next = await refresh(token);
    assert.equal(next.status, 200, `${22 * (at + 1)} days`);
    token = next.json.refresh_token;
  }
  server.clock.advance(2 * day - hour);
  assert.equal((await refresh(token, {})).status, 200, 'shortly before');
  server.clock.advance(hour);
  assertOAuthError(await refresh(token), 400, 'invalid_grant');
});

test('a disabled user cannot be acted for any more', async () => {
  const record = await server.store.users.load(user);
  assert.ok(record);
  await server.store.users.replace({ ...record, disabled: true, updatedAt: record.updatedAt + 1 }, record.updatedAt);
  assertOAuthError(await refresh(), 400, 'invalid_grant');
  const seen = await server.call('userinfo', { authorization: `Bearer ${first.json.access_token}` });
  assert.equal(seen.json.error, 'invalid_token');
  await server.store.users.replace({ ...record, updatedAt: record.updatedAt + 2 }, record.updatedAt + 1);
});

test('revoking a subject ends its refresh tokens', async () => {
  await server.store.tokens.revokeSubject(user, server.clock.now(), server.clock.now() + hour);
  assertOAuthError(await refresh(), 400, 'invalid_grant');
});

test('an opaque access token handed out again in the grace period works', async () => {
  const opaque = await server.addClient({ access_token_format: 'opaque' });
  const { json } = await redeem(opaque);
  await refresh(json.refresh_token, {}, opaque);
  const again = await refresh(json.refresh_token, {}, opaque);
  const seen = await server.call('userinfo', { authorization: `Bearer ${again.json.access_token}` });
  assert.equal(seen.status, 200, seen.text);
});

test('a refresh token is neither an access token nor a code, and an access token is no refresh token', async () => {
  const asAccess = await server.call('userinfo', { authorization: `Bearer ${first.json.refresh_token}` });
  assert.equal(asAccess.json.error, 'invalid_token');
  const asCode = await server.call('token', {
    form: exchange(String(first.json.refresh_token)),
    authorization: client.basic,
  });
  assertOAuthError(asCode, 400, 'invalid_grant');
  assertOAuthError(await refresh(first.json.access_token), 400, 'invalid_grant');
});
