import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import {
  type Answer,
  assertOAuthError,
  createOAuthHarness,
  exchange,
  type OAuthHarness,
  type TestClient,
} from '../../../../../test/support/oauth-harness.ts';

let server: OAuthHarness;
let jwtClient: TestClient;
let opaqueClient: TestClient;
let user: string;

before(async () => {
  server = await createOAuthHarness();
  jwtClient = await server.addClient();
  opaqueClient = await server.addClient({ access_token_format: 'opaque' });
  user = await server.addUser();
});
after(() => server.close());

const revoke = (token: unknown, by: TestClient, further = {}): Promise<Answer> =>
  server.call('revocation', { form: { token: String(token), ...further }, authorization: by.basic });
const userinfo = async (token: unknown): Promise<number> =>
  (await server.call('userinfo', { authorization: `Bearer ${token}` })).status;
const refresh = (token: unknown, by: TestClient): Promise<Answer> =>
  server.call('token', {
    form: { grant_type: 'refresh_token', refresh_token: String(token) },
    authorization: by.basic,
  });

async function issue(by: TestClient): Promise<Answer['json']> {
  const code = await server.putCode({ client: by, subject: user });
  return (await server.call('token', { form: exchange(code), authorization: by.basic })).json;
}

function assertDone(answer: Answer): void {
  assert.deepEqual([answer.status, answer.text], [200, '']);
}

test('a revoked access token is dead at once, and its refresh token lives on', async () => {
  for (const by of [jwtClient, opaqueClient]) {
    const issued = await issue(by);
    assertDone(await revoke(issued.access_token, by, { token_type_hint: 'refresh_token' }));
    assert.equal(await userinfo(issued.access_token), 401);
    assert.equal((await refresh(issued.refresh_token, by)).status, 200);
    assertDone(await revoke(issued.access_token, by));
  }
});

test('a revoked JWT is recorded for the other nodes until it expires', async () => {
  const issued = await issue(jwtClient);
  await revoke(issued.access_token, jwtClient);
  const now = server.clock.now();
  const records = await server.store.revocations.since(now, now);
  assert.ok(records.some(({ kind, expiresAt }) => kind === 'jti' && expiresAt === now + 600_000));
});

test('RFC 7009: a revoked refresh token takes the access tokens of its authorization with it', async () => {
  for (const by of [jwtClient, opaqueClient]) {
    const issued = await issue(by);
    const next = (await refresh(issued.refresh_token, by)).json;
    assertDone(await revoke(next.refresh_token, by));
    assert.equal((await refresh(next.refresh_token, by)).json.error, 'invalid_grant');
    assert.equal(await userinfo(issued.access_token), 401);
    assert.equal(await userinfo(next.access_token), 401);
  }
});

test('RFC 7009: tokens that are unknown, expired or no tokens at all are answered like revoked ones', async () => {
  for (const text of ['nonsense', `${'0'.repeat(21)}.${'A'.repeat(32)}`, 'a.b.c', 'x'.repeat(9000)]) {
    assertDone(await revoke(text, jwtClient));
  }
  const expired = await issue(jwtClient);
  server.clock.advance(600_000);
  assertDone(await revoke(expired.access_token, jwtClient));
});

test('RFC 7009: a token of another client is refused and stays alive', async () => {
  const other = await server.addClient();
  for (const by of [jwtClient, opaqueClient]) {
    const issued = await issue(by);
    for (const token of [issued.access_token, issued.refresh_token]) {
      assertOAuthError(await revoke(token, other), 400, 'invalid_grant');
    }
    assert.equal(await userinfo(issued.access_token), 200);
    assert.equal((await refresh(issued.refresh_token, by)).status, 200);
  }
});

test('a public client revokes its own tokens by naming itself', async () => {
  const open = await server.addClient({
    token_endpoint_auth_method: 'none',
    grant_types: ['authorization_code', 'refresh_token'],
  });
  const code = await server.putCode({ client: open, subject: user });
  const issued = await server.call('token', { form: { ...exchange(code), client_id: open.clientId } });
  const form = { token: String(issued.json.refresh_token), client_id: open.clientId };
  assertDone(await server.call('revocation', { form }));
  assert.equal(await userinfo(issued.json.access_token), 401);
});

test('revocation needs a client and a token', async () => {
  assertOAuthError(await server.call('revocation', { form: { token: 'x' } }), 401, 'invalid_client');
  assertOAuthError(
    await server.call('revocation', { form: {}, authorization: jwtClient.basic }),
    400,
    'invalid_request',
  );
});
