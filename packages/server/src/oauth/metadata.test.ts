import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { createOAuthHarness, issuer, type OAuthHarness } from '../../../../test/support/oauth-harness.ts';
import type { Endpoint } from '../ports/endpoint.ts';
import { oauthErrors } from './errors.ts';
import { defaultLifetimes } from './lifetimes.ts';

let server: OAuthHarness;
const sibling = (name: string, path: string): Endpoint => ({
  name,
  path,
  methods: ['GET'],
  body: { mediaType: undefined, limit: 0 },
  cors: 'none',
  handle: () => ({ status: 200, headers: [] }),
  refuse: () => ({ status: 400, headers: [] }),
});

before(async () => {
  server = await createOAuthHarness(() => ({
    siblings: [sibling('authorization', '/base/authorize'), sibling('end_session', '/base/end_session')],
    siblingMetadata: { prompt_values_supported: ['none', 'login'], ui_locales_supported: [] },
  }));
});
after(() => server.close());

test('RFC 8414: the metadata says what is mounted, and is served before and after the path of the issuer', async () => {
  const places = server.endpoints.filter(({ path }) => path.includes('.well-known'));
  assert.deepEqual(
    places.map(({ path }) => path),
    [
      '/.well-known/oauth-authorization-server/base',
      '/base/.well-known/oauth-authorization-server',
      '/base/.well-known/openid-configuration',
      '/.well-known/openid-configuration/base',
    ],
  );
  const documents = await Promise.all(places.map(({ name }) => server.call(name)));
  for (const { json } of documents) assert.deepEqual(json, documents[0]?.json);
  const { json, header } = documents[0] ?? assert.fail();
  assert.equal(header('content-type'), 'application/json');
  assert.deepEqual(json, {
    issuer,
    token_endpoint: `${issuer}/token`,
    introspection_endpoint: `${issuer}/introspect`,
    revocation_endpoint: `${issuer}/revoke`,
    userinfo_endpoint: `${issuer}/userinfo`,
    jwks_uri: `${issuer}/jwks`,
    registration_endpoint: `${issuer}/register`,
    authorization_endpoint: `${issuer}/authorize`,
    end_session_endpoint: `${issuer}/end_session`,
    scopes_supported: ['openid', 'profile', 'email', 'offline_access', 'api:read', 'api:write'],
    grant_types_supported: ['authorization_code', 'refresh_token', 'client_credentials'],
    token_endpoint_auth_methods_supported: ['private_key_jwt', 'client_secret_basic', 'client_secret_post', 'none'],
    token_endpoint_auth_signing_alg_values_supported: algorithms,
    introspection_endpoint_auth_methods_supported: ['private_key_jwt', 'client_secret_basic', 'client_secret_post'],
    introspection_endpoint_auth_signing_alg_values_supported: algorithms,
    revocation_endpoint_auth_methods_supported: [
      'private_key_jwt',
      'client_secret_basic',
      'client_secret_post',
      'none',
    ],
    revocation_endpoint_auth_signing_alg_values_supported: algorithms,
    subject_types_supported: ['public'],
    id_token_signing_alg_values_supported: ['ES256', 'RS256'],
    response_types_supported: ['code'],
    response_modes_supported: ['query'],
    code_challenge_methods_supported: ['S256'],
    authorization_response_iss_parameter_supported: true,
    claims_supported: ['sub', 'name', 'preferred_username', 'locale', 'updated_at', 'email', 'email_verified'],
    claims_parameter_supported: false,
    request_parameter_supported: false,
    request_uri_parameter_supported: false,
    prompt_values_supported: ['none', 'login'],
  });
});

const algorithms = [
  'ES256',
  'Ed25519',
  'EdDSA',
  'ES384',
  'ES512',
  'PS256',
  'PS384',
  'PS512',
  'RS256',
  'RS384',
  'RS512',
];

test('what is not mounted is not announced, and a bare issuer has each document once', async () => {
  const bare = await createOAuthHarness(() => ({ issuer: 'https://as.example', basePath: '', registration: 'off' }));
  const { json } = await bare.call('openid_configuration');
  for (const name of [
    'authorization_endpoint',
    'end_session_endpoint',
    'registration_endpoint',
    'response_types_supported',
  ]) {
    assert.equal(json[name], undefined, name);
  }
  assert.equal(json.token_endpoint, 'https://as.example/token');
  assert.equal(bare.endpoints.filter(({ path }) => path.includes('.well-known')).length, 2);
  await bare.close();
});

test('the key set has every published key with its id, algorithm and use, and nothing private', async () => {
  server.keyRing.tokenSigner('ES256');
  server.keyRing.rotate('ES256');
  const { json } = await server.call('jwks');
  const keys = json.keys as Readonly<Record<string, string>>[];
  assert.equal(keys.length, 2);
  for (const key of keys) {
    assert.deepEqual(Object.keys(key).sort(), ['alg', 'crv', 'kid', 'kty', 'use', 'x', 'y']);
  }
});

test('RFC 9700: scripts of any origin may call token, metadata, keys, userinfo, registration and revocation, not introspection', () => {
  for (const { name, cors } of server.endpoints) {
    assert.equal(cors, name === 'introspection' ? 'none' : 'any', name);
  }
});

test('access tokens that outlive the memory of revocations stop the start', async () => {
  const lifetimes = { ...defaultLifetimes, accessToken: 3_600_001 };
  await assert.rejects(
    createOAuthHarness(() => ({ lifetimes })),
    /an hour/,
  );
});

test('the errors of RFC 6749 are in the table, redirectable exactly where the authorization endpoint may send them', () => {
  const redirectable = Object.entries(oauthErrors).flatMap(([code, row]) => (row.redirectable ? [code] : []));
  for (const code of [
    'invalid_client',
    'invalid_grant',
    'unsupported_grant_type',
    'invalid_token',
    'insufficient_scope',
  ]) {
    assert.equal(redirectable.includes(code), false, code);
  }
  for (const code of [
    'invalid_request',
    'unauthorized_client',
    'access_denied',
    'unsupported_response_type',
    'invalid_scope',
    'server_error',
    'temporarily_unavailable',
  ]) {
    assert.equal(redirectable.includes(code), true, code);
  }
});
