import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import {
  type Answer,
  assertOAuthError,
  basic,
  type CallOptions,
  createOAuthHarness,
  type OAuthHarness,
  type TestClient,
} from '../../../../../test/support/oauth-harness.ts';
import type { OAuthEndpointsDeps } from '../oauth-endpoints.ts';
import { builtinClientAuthMethods, createClientAuthenticator } from './authenticate.ts';

let server: OAuthHarness;
let composed: OAuthEndpointsDeps;
let byBasic: TestClient;
let byPost: TestClient;
let open: TestClient;

before(async () => {
  server = await createOAuthHarness((deps) => {
    composed = deps;
    return {};
  });
  byBasic = await server.addClient();
  byPost = await server.addClient({ token_endpoint_auth_method: 'client_secret_post' });
  open = await server.addClient({ token_endpoint_auth_method: 'none', grant_types: ['authorization_code'] });
});
after(() => server.close());

const grant_type = 'client_credentials';
const token = (options: CallOptions): Promise<Answer> => server.call('token', options);

test('a client authenticates by the method it is registered for', async () => {
  assert.equal((await token({ form: { grant_type }, authorization: byBasic.basic })).status, 200);
  const named = { grant_type, client_id: byBasic.clientId };
  assert.equal((await token({ form: named, authorization: byBasic.basic.replace('Basic', 'bAsIc') })).status, 200);
  const form = { grant_type, client_id: byPost.clientId, client_secret: byPost.secret };
  assert.equal((await token({ form })).status, 200);
});

test('client ids and secrets that need form encoding come through Basic authentication unchanged', async () => {
  const odd = await server.addClient({}, 'app:one~/x');
  assert.equal((await token({ form: { grant_type }, authorization: odd.basic })).status, 200);
});

test('an unknown client and a wrong secret cannot be told apart', async () => {
  const attempts: CallOptions[] = [
    { form: { grant_type }, authorization: basic('nobody', 'x'.repeat(43)) },
    { form: { grant_type }, authorization: basic(byBasic.clientId, 'x'.repeat(43)) },
    { form: { grant_type }, authorization: basic(byBasic.clientId, '') },
    { form: { grant_type }, authorization: basic(byPost.clientId, 'x'.repeat(43)) },
    { form: { grant_type }, authorization: basic(open.clientId, 'x'.repeat(43)) },
    { form: { grant_type, client_id: byPost.clientId, client_secret: 'x'.repeat(43) } },
    { form: { grant_type, client_id: 'nobody', client_secret: 'x'.repeat(43) } },
    { form: { grant_type, client_id: byBasic.clientId } },
    { form: { grant_type, client_id: 'nobody' } },
  ];
  const texts = new Set<string>();
  for (const attempt of attempts) {
    const answer = await token(attempt);
    assertOAuthError(answer, 401, 'invalid_client');
    assert.match(answer.header('www-authenticate') ?? '', /^Basic realm=/);
    texts.add(answer.text);
  }
  assert.equal(texts.size, 1);
});

test('a right secret by the wrong method is told which method is registered', async () => {
  const form = { grant_type, client_id: byBasic.clientId, client_secret: byBasic.secret };
  const answer = await token({ form });
  assertOAuthError(answer, 401, 'invalid_client');
  assert.match(String(answer.json.error_description), /client_secret_basic/);
});

test('RFC 6749: a request that authenticates in more than one way is refused', async () => {
  const { clientId, secret } = byPost;
  const assertion = {
    client_assertion: 'a.b.c',
    client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
  };
  const doubled: CallOptions[] = [
    { form: { grant_type, client_id: clientId, client_secret: secret }, authorization: basic(clientId, secret) },
    { form: { grant_type, client_id: clientId, client_secret: secret, ...assertion } },
    { form: { grant_type, ...assertion }, authorization: basic(clientId, secret) },
    { form: { grant_type, client_id: 'another' }, authorization: byBasic.basic },
    { form: { grant_type, client_secret: secret } },
    { form: { grant_type }, authorization: [byBasic.basic, byBasic.basic] },
    { form: { grant_type, client_id: [clientId, clientId], client_secret: secret } },
    { form: { grant_type, client_id: clientId, client_secret: [secret, secret] } },
  ];
  for (const attempt of doubled) assertOAuthError(await token(attempt), 400, 'invalid_request');
});

test('credentials that cannot be read are invalid_client', async () => {
  for (const authorization of ['Basic', 'Basic !', 'Basic bm9jb2xvbg==', 'Bearer x', 'Digest a=b', 'Basic JTpj']) {
    assertOAuthError(await token({ form: { grant_type }, authorization }), 401, 'invalid_client');
  }
  assertOAuthError(await token({ form: { grant_type } }), 401, 'invalid_client');
  const bearerBeside = {
    form: { grant_type: 'authorization_code', client_id: open.clientId },
    authorization: 'Bearer x',
  };
  assertOAuthError(await token(bearerBeside), 401, 'invalid_client');
});

test('a public client cannot use a grant that needs authentication, whatever its record says', async () => {
  const record = await server.store.clients.load(open.clientId);
  assert.ok(record);
  const metadata = { ...record.metadata, grant_types: ['client_credentials'] };
  await server.store.clients.replace({ ...record, metadata, version: record.version + 1 });
  server.clock.advance(31_000);
  assertOAuthError(await token({ form: { grant_type, client_id: open.clientId } }), 400, 'unauthorized_client');
});

test('a secret changed on another node is accepted at once, and the old one refused soon', async () => {
  const rotated = await server.addClient();
  const next = await server.addClient();
  await token({ form: { grant_type }, authorization: rotated.basic });
  const [record, source] = await Promise.all([
    server.store.clients.load(rotated.clientId),
    server.store.clients.load(next.clientId),
  ]);
  assert.ok(record && source?.secretDigest);
  await server.store.clients.replace({ ...record, secretDigest: source.secretDigest, version: record.version + 1 });
  server.clock.advance(1000);
  const fresh = { form: { grant_type }, authorization: basic(rotated.clientId, next.secret) };
  assert.equal((await token(fresh)).status, 200);
  assertOAuthError(await token({ form: { grant_type }, authorization: rotated.basic }), 401, 'invalid_client');
});

test('a failed authentication is an event for the operator, without the credential', async () => {
  server.events.length = 0;
  await token({ form: { grant_type }, authorization: basic(byBasic.clientId, 'wrong-secret-wrong-secret') });
  const event = server.events.find(({ event }) => event === 'client.authentication_failed');
  assert.deepEqual([event?.address, event?.detail?.method], ['192.0.2.7', 'client_secret_basic']);
  assert.equal(JSON.stringify(server.events).includes('wrong-secret'), false);
});

test('two authentication methods of one name stop the start', async () => {
  const methods = [...builtinClientAuthMethods, ...builtinClientAuthMethods.slice(0, 1)];
  const { audit, clients, issuer, lifetimes, remoteJwks, store } = composed;
  const context = { issuer, tokenEndpoint: '', replay: store.replay, remoteJwks, clockSkew: lifetimes.clockSkew };
  assert.throws(() => createClientAuthenticator({ methods, clients, context, audit }), /private_key_jwt/);
});
