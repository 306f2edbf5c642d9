import assert from 'node:assert/strict';
import { test } from 'node:test';
import { systemRandom } from '@tegata/core/random';
import { unwrap } from '@tegata/core/result';
import { createMetadataPolicy } from '../metadata-policy.ts';
import { parseClient } from './client.ts';
import { registerClient, replaceMetadata } from './register-client.ts';
import { secretMatches } from './secret.ts';

const context = { policy: createMetadataPolicy(['ES256'], []), random: systemRandom(), now: Date.UTC(2026, 0, 1) };
const metadata = { redirect_uris: ['https://client.example/cb'] };

test('a secret is made for the methods that need one, told once, and kept as a digest', () => {
  const { record, secret } = unwrap(registerClient({ metadata, source: 'operator' }, context));
  assert.match(secret ?? '', /^[A-Za-z0-9_-]{43}$/);
  assert.equal(JSON.stringify(record).includes(secret ?? '!'), false);
  assert.equal(secretMatches(secret ?? '', record.secretDigest), true);
  assert.equal(secretMatches(`${secret}x`, record.secretDigest), false);
  const open = { metadata: { ...metadata, token_endpoint_auth_method: 'none' }, source: 'operator' } as const;
  const client = unwrap(registerClient(open, context));
  assert.equal(client.secret ?? client.record.secretDigest, undefined);
  assert.equal(secretMatches('', undefined), false);
});

test('RFC 9700: a client id can be neither the subject of a user nor the address of a metadata document', () => {
  for (const clientId of [
    'usr_1',
    'USR_1',
    'https://client.example',
    '',
    ' ',
    'a b',
    'é',
    '-a',
    'a'.repeat(101),
    'a\n',
  ]) {
    const registered = registerClient({ metadata, source: 'operator', clientId }, context);
    assert.equal(registered.ok ? '' : registered.error.code, 'invalid_client_metadata', clientId);
  }
  const chosen = unwrap(registerClient({ metadata, source: 'operator', clientId: 'my-app' }, context));
  assert.equal(chosen.record.clientId, 'my-app');
  const made = unwrap(registerClient({ metadata, source: 'dynamic' }, context));
  assert.match(made.record.clientId, /^[0-9a-v]{21}$/);
});

test('replacing metadata replaces all of it, except what the operator has set', () => {
  const first = { ...metadata, client_name: 'Old', skip_consent: true };
  const { record } = unwrap(registerClient({ metadata: first, source: 'operator' }, context));
  const next = unwrap(replaceMetadata(record, { ...metadata, client_uri: 'https://client.example/' }, context));
  assert.equal(next.record.version, record.version + 1);
  assert.deepEqual(next.record.secretDigest, record.secretDigest);
  const client = parseClient(next.record);
  assert.deepEqual([client.name, client.skipConsent], [undefined, true]);
});

test('changing the authentication method makes or forgets the secret', () => {
  const { record } = unwrap(registerClient({ metadata, source: 'operator' }, context));
  const open = unwrap(replaceMetadata(record, { ...metadata, token_endpoint_auth_method: 'none' }, context));
  assert.equal(open.record.secretDigest, undefined);
  const closed = unwrap(replaceMetadata(open.record, metadata, context));
  assert.equal(secretMatches(closed.secret ?? '', closed.record.secretDigest), true);
});
