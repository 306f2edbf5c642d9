import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { parseJwks } from '@tegata/core/jose/jwks';
import { toNumericDate } from '@tegata/core/time/clock';
import {
  type Answer,
  assertionType,
  assertOAuthError,
  clientAssertion,
  createClientKey,
  createOAuthHarness,
  issuer,
  type OAuthHarness,
  type TestClient,
} from '../../../../../test/support/oauth-harness.ts';

const key = createClientKey();
const stranger = createClientKey();
const published = { keys: [key.jwk], fetches: 0 };
const metadata = {
  token_endpoint_auth_method: 'private_key_jwt',
  grant_types: ['client_credentials'],
  redirect_uris: [],
  jwks: { keys: [key.jwk] },
};
let server: OAuthHarness;
let client: TestClient;

before(async () => {
  server = await createOAuthHarness(() => ({
    remoteJwks: {
      async keys(uri, refresh) {
        if (refresh) published.fetches += 1;
        return uri.endsWith('/down')
          ? { ok: false, error: { detail: 'It is down.' } }
          : parseJwks({ keys: refresh ? [createdLater.jwk, key.jwk] : published.keys });
      },
    },
  }));
  client = await server.addClient(metadata);
});
after(() => server.close());
const createdLater = createClientKey('rotated');

const send = (client_assertion: string, further: Record<string, string> = {}): Promise<Answer> =>
  server.call('token', {
    form: {
      grant_type: 'client_credentials',
      client_assertion,
      client_assertion_type: assertionType,
      ...further,
    },
  });
const assertion = (change: Record<string, unknown> = {}, signed = key, by = client, typ?: string): Promise<string> =>
  clientAssertion(signed, by.clientId, server.clock.now(), change, typ);
const seconds = (): number => toNumericDate(server.clock.now());

test('a client authenticates with its own key, with or without naming itself', async () => {
  assert.equal((await send(await assertion())).status, 200);
  assert.equal((await send(await assertion({ aud: [issuer] }), { client_id: client.clientId })).status, 200);
  assert.equal((await send(await assertion({}, key, client, 'JWT'))).status, 200);
  assert.equal((await send(await assertion({ iat: undefined }))).status, 200);
});

test('RFC 7523: an assertion is good once', async () => {
  const once = await assertion({ jti: 'the-same' });
  assert.equal((await send(once)).status, 200);
  const again = await send(once);
  assertOAuthError(again, 401, 'invalid_client');
  assert.match(String(again.json.error_description), /used before/);
  assertOAuthError(await send(await assertion({ jti: 'the-same' })), 401, 'invalid_client');
  const other = await server.addClient(metadata);
  assert.equal((await send(await assertion({ jti: 'the-same' }, key, other))).status, 200, 'of each client');
});

test('of twenty simultaneous uses of one assertion exactly one wins', async () => {
  const once = await assertion();
  const answers = await Promise.all(Array.from({ length: 20 }, () => send(once)));
  assert.equal(answers.filter(({ status }) => status === 200).length, 1);
});

const audiences: readonly [string, unknown][] = [
  ['the token endpoint', `${issuer}/token`],
  ['this server and another', [issuer, 'https://other.example']],
  ['this server twice', [issuer, issuer]],
  ['another server', 'https://other.example'],
  ['this server with a slash', `${issuer}/`],
  ['nobody', []],
  ['no text', 5],
  ['none', undefined],
];
for (const [name, aud] of audiences) {
  test(`RFC 7523bis: an assertion whose audience is ${name} is refused`, async () => {
    assertOAuthError(await send(await assertion({ aud })), 401, 'invalid_client');
  });
}

test('a client with the legacy audience may name the token endpoint, and nothing else', async () => {
  const legacy = await server.addClient({ ...metadata, legacy_assertion_audience: true });
  assert.equal((await send(await assertion({ aud: `${issuer}/token` }, key, legacy))).status, 200);
  assert.equal((await send(await assertion({}, key, legacy))).status, 200);
  for (const aud of ['https://other.example', [issuer, `${issuer}/token`]]) {
    assertOAuthError(await send(await assertion({ aud }, key, legacy)), 401, 'invalid_client');
  }
});

test('claims that are missing, of the wrong time or of somebody else are refused', async () => {
  const bad: readonly Record<string, unknown>[] = [
    { iss: 'another' },
    { sub: 'another' },
    { iss: 'another', sub: 'another' },
    { iss: undefined },
    { sub: undefined },
    { jti: undefined },
    { jti: '' },
    { jti: 'x'.repeat(513) },
    { jti: 5 },
    { exp: undefined },
    { exp: seconds() - 31 },
    { exp: seconds() + 3601 },
    { exp: 'soon' },
    { iat: seconds() + 31 },
    { nbf: seconds() + 31 },
  ];
  for (const change of bad) {
    const answer = await send(await assertion(change));
    assert.deepEqual([answer.status, answer.json.error], [401, 'invalid_client'], JSON.stringify(change));
  }
});

test('clocks may differ by half a minute', async () => {
  assert.equal((await send(await assertion({ iat: seconds() + 29, nbf: seconds() + 29 }))).status, 200);
  assert.equal((await send(await assertion({ exp: seconds() - 29 }))).status, 200);
});

test('RFC 8725: a JWT of another kind is no assertion', async () => {
  for (const typ of ['at+jwt', 'dpop+jwt', 'logout+jwt', 'oauth-authz-req+jwt', 'application/at+jwt']) {
    assertOAuthError(await send(await assertion({}, key, client, typ)), 401, 'invalid_client');
  }
});

test('RFC 8725: alg none, MACs, foreign keys and broken signatures are refused, and look like an unknown client', async () => {
  const good = await assertion();
  const [header = '', payload = '', signature = ''] = good.split('.');
  const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const flipped = `${signature.startsWith('A') ? 'B' : 'A'}${signature.slice(1)}`;
  const forged = [
    `${encode({ alg: 'none' })}.${payload}.AA`,
    `${encode({ alg: 'HS256', kid: 'client-key' })}.${payload}.${signature}`,
    `${encode({ alg: 'RS256', kid: 'client-key' })}.${payload}.${signature}`,
    `${encode({ alg: 'ES256', kid: '../../etc/passwd' })}.${payload}.${signature}`,
    `${encode({ alg: 'ES256', jwk: stranger.jwk })}.${payload}.${signature}`,
    `${header}.${payload}.${flipped}`,
    await assertion({}, stranger),
    await assertion({ iss: 'nobody', sub: 'nobody' }),
  ];
  const texts = new Set<string>();
  for (const attempt of forged) {
    const answer = await send(attempt);
    assertOAuthError(answer, 401, 'invalid_client');
    texts.add(answer.text);
  }
  assert.equal(texts.size, 1);
});

test('an assertion that cannot be read is refused before any client is looked up', async () => {
  const good = await assertion();
  for (const text of ['x', 'a.b', 'a.b.c.d.e', `${good}=`, ` ${good}`, '{"payload":""}', 'x'.repeat(9000)]) {
    assertOAuthError(await send(text), 401, 'invalid_client');
  }
});

test('assertion and its type go together, and the client id in the form has to agree', async () => {
  const bad: readonly Record<string, string>[] = [
    { client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:saml2-bearer' },
    { client_assertion_type: '' },
    { client_assertion: '' },
    { client_id: 'another' },
  ];
  for (const change of bad) assertOAuthError(await send(await assertion(), change), 400, 'invalid_request');
});

test('a client registered for one algorithm cannot use another', async () => {
  const strict = await server.addClient({ ...metadata, token_endpoint_auth_signing_alg: 'PS256' });
  assertOAuthError(await send(await assertion({}, key, strict)), 401, 'invalid_client');
});

test('keys behind jwks_uri are fetched again when a new one signs, and only then', async () => {
  const { jwks: _, ...rest } = metadata;
  const remote = await server.addClient({ ...rest, jwks_uri: 'https://client.example/jwks' });
  assert.equal((await send(await assertion({}, key, remote))).status, 200);
  assert.equal(published.fetches, 0);
  assert.equal((await send(await assertion({}, createdLater, remote))).status, 200);
  assert.equal(published.fetches, 1);
  assertOAuthError(await send(await assertion({}, stranger, remote)), 401, 'invalid_client');
  const down = await server.addClient({ ...rest, jwks_uri: 'https://client.example/down' });
  assertOAuthError(await send(await assertion({}, key, down)), 401, 'invalid_client');
});

test('what the assertion is remembered by is not the assertion itself', async () => {
  const digests: Uint8Array[] = [];
  const watched = await createOAuthHarness(({ store }) => ({
    store: {
      ...store,
      replay: {
        firstSeen: async (kind, digest) => {
          assert.equal(kind, 'client_assertion');
          digests.push(digest);
          return true;
        },
      },
    },
  }));
  const known = await watched.addClient(metadata);
  const text = await clientAssertion(key, known.clientId, watched.clock.now());
  const form = { grant_type: 'client_credentials', client_assertion: text, client_assertion_type: assertionType };
  assert.equal((await watched.call('token', { form })).status, 200);
  assert.deepEqual(
    digests.map((digest) => digest.byteLength),
    [32],
  );
  await watched.close();
});
