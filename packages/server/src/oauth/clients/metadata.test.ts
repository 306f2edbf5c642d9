import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { JsonObject } from '@tegata/core/codec/json';
import { createMetadataPolicy } from '../metadata-policy.ts';
import { checkMetadata } from './metadata.ts';
import { metadataRules } from './metadata-rules.ts';

const policy = createMetadataPolicy(['ES256', 'RS256'], ['api:read']);
const uris = ['https://client.example/cb'];
const key = {
  kty: 'EC',
  crv: 'P-256',
  x: 'MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4',
  y: '4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM',
};

test('what is left out gets the defaults of the standards', () => {
  const checked = checkMetadata({ redirect_uris: uris }, policy, 'dynamic');
  assert.deepEqual(checked, {
    ok: true,
    value: {
      application_type: 'web',
      redirect_uris: uris,
      token_endpoint_auth_method: 'client_secret_basic',
      grant_types: ['authorization_code'],
      response_types: ['code'],
      scope: 'openid profile email',
      id_token_signed_response_alg: 'ES256',
      access_token_format: 'jwt',
      access_token_signed_response_alg: 'ES256',
    },
  });
});

test('null counts as left out, and unknown members are dropped', () => {
  const text = `{"redirect_uris":["${uris[0]}"],"client_name":null,"made_up":1,"software_statement":"x","__proto__":{"scope":"x"}}`;
  const checked = checkMetadata(JSON.parse(text), policy, 'dynamic');
  assert.ok(checked.ok);
  assert.equal(checked.value.scope, 'openid profile email');
  for (const name of ['client_name', 'made_up', 'software_statement']) assert.equal(name in checked.value, false, name);
});

test('members with a language tag are checked like the member itself', () => {
  const named = checkMetadata(
    { redirect_uris: uris, 'client_name#ja-Hani': '手形', 'scope#ja': 'x' },
    policy,
    'dynamic',
  );
  assert.ok(named.ok);
  assert.equal(named.value['client_name#ja-Hani'], '手形');
  assert.equal(named.value['scope#ja'], undefined);
  const bad = checkMetadata({ redirect_uris: uris, 'client_uri#ja': 'http://x' }, policy, 'dynamic');
  assert.match(bad.ok ? '' : bad.error.description, /client_uri#ja is not an https URI/);
});

const refused: readonly [string, JsonObject, string][] = [
  ['a code client without redirect URI', {}, 'invalid_redirect_uri'],
  ['an http redirect URI', { redirect_uris: ['http://client.example/cb'] }, 'invalid_redirect_uri'],
  ['redirect URIs that are no array', { redirect_uris: 'https://client.example/cb' }, 'invalid_redirect_uri'],
  ['a redirect URI that is no text', { redirect_uris: [5] }, 'invalid_redirect_uri'],
  ['too many redirect URIs', { redirect_uris: Array(51).fill('https://a.example/') }, 'invalid_redirect_uri'],
  ['a loopback redirect URI of a web client', { redirect_uris: ['http://127.0.0.1/'] }, 'invalid_redirect_uri'],
  ['an unknown application type', { application_type: 'tv' }, 'invalid_client_metadata'],
  ['the implicit grant', { grant_types: ['implicit'] }, 'invalid_client_metadata'],
  ['the password grant', { grant_types: ['password'] }, 'invalid_client_metadata'],
  ['response type token', { response_types: ['token'] }, 'invalid_client_metadata'],
  ['code grant without response type code', { response_types: [] }, 'invalid_client_metadata'],
  ['response type code without the grant', { grant_types: [], response_types: ['code'] }, 'invalid_client_metadata'],
  ['refresh_token alone', { grant_types: ['refresh_token'] }, 'invalid_client_metadata'],
  ['an unknown authentication method', { token_endpoint_auth_method: 'magic' }, 'invalid_client_metadata'],
  [
    'client credentials of a public client',
    { grant_types: ['client_credentials'], token_endpoint_auth_method: 'none' },
    'invalid_client_metadata',
  ],
  ['private_key_jwt without keys', { token_endpoint_auth_method: 'private_key_jwt' }, 'invalid_client_metadata'],
  ['both jwks and jwks_uri', { jwks: { keys: [key] }, jwks_uri: 'https://a.example/j' }, 'invalid_client_metadata'],
  ['a jwks that is no object', { jwks: [] }, 'invalid_client_metadata'],
  ['an empty jwks', { jwks: { keys: [] } }, 'invalid_client_metadata'],
  ['a private key', { jwks: { keys: [{ ...key, d: key.x }] } }, 'invalid_client_metadata'],
  ['a symmetric key', { jwks: { keys: [{ kty: 'oct', k: key.x }] } }, 'invalid_client_metadata'],
  ['a point off its curve', { jwks: { keys: [{ ...key, y: key.x }] } }, 'invalid_client_metadata'],
  ['an http jwks_uri', { jwks_uri: 'http://a.example/j' }, 'invalid_client_metadata'],
  ['alg none for assertions', { token_endpoint_auth_signing_alg: 'none' }, 'invalid_client_metadata'],
  ['a MAC for assertions', { token_endpoint_auth_signing_alg: 'HS256' }, 'invalid_client_metadata'],
  ['alg none for ID tokens', { id_token_signed_response_alg: 'none' }, 'invalid_client_metadata'],
  ['an algorithm without a key', { id_token_signed_response_alg: 'PS256' }, 'invalid_client_metadata'],
  ['pairwise subjects', { subject_type: 'pairwise' }, 'invalid_client_metadata'],
  ['a negative age', { default_max_age: -1 }, 'invalid_client_metadata'],
  ['a text as number', { default_max_age: '5' }, 'invalid_client_metadata'],
  ['a text as boolean', { require_auth_time: 'true' }, 'invalid_client_metadata'],
  ['a name with a line break', { client_name: 'a\nb' }, 'invalid_client_metadata'],
  ['a name that turns the direction of text', { client_name: 'a\u202eb' }, 'invalid_client_metadata'],
  ['a name without end', { client_name: 'a'.repeat(201) }, 'invalid_client_metadata'],
  ['a name that is no text', { client_name: {} }, 'invalid_client_metadata'],
  ['a scope nobody offers', { scope: 'admin' }, 'invalid_client_metadata'],
  ['a malformed scope', { scope: 'a  b' }, 'invalid_client_metadata'],
  ['a scope list', { scope: ['openid'] }, 'invalid_client_metadata'],
  ['a script as client_uri', { client_uri: 'javascript:alert(1)' }, 'invalid_client_metadata'],
  ['contacts that are no texts', { contacts: [null] }, 'invalid_client_metadata'],
  ['an unknown token format', { access_token_format: 'saml' }, 'invalid_client_metadata'],
];

for (const [name, change, code] of refused) {
  test(`registration refuses ${name}`, () => {
    const base = 'redirect_uris' in change || code === 'invalid_redirect_uri' ? {} : { redirect_uris: uris };
    const checked = checkMetadata({ ...base, ...change }, policy, 'dynamic');
    assert.ok(!checked.ok);
    assert.equal(checked.error.code, code);
  });
}

test('only the operator sets the members that grant something', () => {
  const powers = {
    allowed_resources: ['https://api.example'],
    served_resources: ['https://api.example'],
    introspect_all_tokens: true,
    skip_consent: true,
    legacy_assertion_audience: true,
  };
  assert.deepEqual(
    metadataRules.filter((rule) => rule.operatorOnly).map((rule) => rule.name),
    Object.keys(powers),
  );
  const dynamic = checkMetadata({ redirect_uris: uris, ...powers }, policy, 'dynamic');
  const operator = checkMetadata({ redirect_uris: uris, ...powers, scope: 'brand:new' }, policy, 'operator');
  assert.ok(dynamic.ok && operator.ok);
  for (const [name, value] of Object.entries(powers)) {
    assert.equal(dynamic.value[name], undefined, name);
    assert.deepEqual(operator.value[name], value, name);
  }
  assert.equal(operator.value.scope, 'brand:new');
});

test('a key set is kept with its public members alone', () => {
  const input = {
    grant_types: ['client_credentials'],
    token_endpoint_auth_method: 'private_key_jwt',
    jwks: { keys: [{ ...key, kid: 'k', note: 'x' }], note: 'y' },
  };
  const checked = checkMetadata(input, policy, 'dynamic');
  assert.ok(checked.ok, JSON.stringify(checked));
  assert.deepEqual(checked.value.jwks, { keys: [{ ...key, kid: 'k' }] });
  assert.deepEqual(checked.value.response_types, []);
});
