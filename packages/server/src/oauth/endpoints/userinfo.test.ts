import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import {
  type Answer,
  assertOAuthError,
  type CallOptions,
  createOAuthHarness,
  exchange,
  issuer,
  type OAuthHarness,
  type TestClient,
} from '../../../../../test/support/oauth-harness.ts';

let server: OAuthHarness;
let client: TestClient;
let user: string;

before(async () => {
  server = await createOAuthHarness();
  client = await server.addClient();
  user = await server.addUser();
});
after(() => server.close());

const userinfo = (options: CallOptions): Promise<Answer> => server.call('userinfo', options);
const bearer = (token: string): CallOptions => ({ authorization: `Bearer ${token}` });

async function accessToken(scope: string, further: Record<string, string> = {}): Promise<string> {
  const code = await server.putCode({ client, subject: user, scopes: scope.split(' ') });
  const answer = await server.call('token', { form: exchange(code, further), authorization: client.basic });
  return String(answer.json.access_token);
}

test('claims come by scope, and by GET as well as POST', async () => {
  const token = await accessToken('openid profile email');
  const expected = {
    sub: user,
    name: 'Hanako Yamada',
    preferred_username: user,
    updated_at: Math.floor(server.clock.now() / 1000),
    email: 'hanako@example.jp',
    email_verified: true,
  };
  assert.deepEqual((await userinfo(bearer(token))).json, expected);
  assert.deepEqual((await userinfo({ ...bearer(token), method: 'POST' })).json, expected);
  assert.deepEqual((await userinfo({ method: 'POST', form: { access_token: token } })).json, expected);
  assert.deepEqual((await userinfo({ authorization: `bEARER ${token}` })).json, expected);
  const bare = await userinfo(bearer(await accessToken('openid')));
  assert.deepEqual(bare.json, { sub: user });
  assert.equal(bare.header('cache-control'), 'no-store');
});

test('RFC 6750: a request without a token is told the scheme and no error code', async () => {
  for (const options of [{}, { method: 'POST' }, { authorization: 'Basic YTpi' }, { query: 'access_token=x' }]) {
    const answer = await userinfo(options);
    assert.deepEqual([answer.status, answer.text], [401, '']);
    assert.equal(answer.header('www-authenticate'), 'Bearer realm="tegata"');
  }
});

test('RFC 6750: a token that is not live is invalid_token, 401, with the error in the challenge', async () => {
  const expired = await accessToken('openid');
  server.clock.advance(600_000);
  for (const token of [expired, 'nonsense', `${'0'.repeat(21)}.${'A'.repeat(32)}`]) {
    const answer = await userinfo(bearer(token));
    assertOAuthError(answer, 401, 'invalid_token');
    assert.match(answer.header('www-authenticate') ?? '', /^Bearer .*error="invalid_token"/);
  }
});

test('RFC 6750: a token without openid is insufficient_scope, 403, and says which scope it takes', async () => {
  const own = { grant_type: 'client_credentials' };
  const machine = await server.call('token', { form: own, authorization: client.basic });
  for (const token of [await accessToken('profile email'), String(machine.json.access_token)]) {
    const answer = await userinfo(bearer(token));
    assertOAuthError(answer, 403, 'insufficient_scope');
    assert.match(answer.header('www-authenticate') ?? '', /error="insufficient_scope".*scope="openid"$/);
  }
});

test('RFC 9700: a token for another resource does not open userinfo', async () => {
  const token = await accessToken('openid', { resource: 'https://shared.example/api' });
  assertOAuthError(await userinfo(bearer(token)), 401, 'invalid_token');
  const own = await accessToken('openid', { resource: issuer });
  assert.equal((await userinfo(bearer(own))).status, 200);
});

test('RFC 6750: two tokens in one request, or one that cannot be read, is invalid_request', async () => {
  const token = await accessToken('openid');
  const bad: CallOptions[] = [
    { ...bearer(token), method: 'POST', form: { access_token: token } },
    { method: 'POST', form: { access_token: [token, token] } },
    { method: 'POST', body: 'access_token=%ZZ' },
    bearer('two words'),
    bearer('"quoted"'),
    { authorization: 'Bearer' },
    { authorization: [`Bearer ${token}`, `Bearer ${token}`] },
  ];
  for (const options of bad) {
    const answer = await userinfo(options);
    assert.deepEqual([answer.status, answer.json.error], [400, 'invalid_request'], JSON.stringify(options));
    assert.match(answer.header('www-authenticate') ?? '', /error="invalid_request"/);
  }
});
