/** The profiles on offer. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { unwrap } from '@tegata/core/result';
import { createProfileRegistry } from './registry.ts';
import { tlsServer } from './tls-server.ts';
import { tlsServerShort } from './tls-server-short.ts';

test('a profile is found by its name', () => {
  const registry = createProfileRegistry([tlsServer, tlsServerShort]);
  assert.equal(unwrap(registry.find('tls-server-short')).profile, tlsServerShort);
});

test('the extensions of a kind of key are made once', () => {
  const prepared = unwrap(createProfileRegistry([tlsServer]).find('tls-server'));
  assert.equal(prepared.sharedExtensions('EC'), prepared.sharedExtensions('EC'));
  assert.notDeepEqual(prepared.sharedExtensions('EC'), prepared.sharedExtensions('RSA'));
});

test('a kind of key that the profile does not speak of has none', () => {
  const { RSA: _, ...keyUsage } = tlsServer.keyUsage;
  const prepared = unwrap(createProfileRegistry([{ ...tlsServer, keyUsage }]).find('tls-server'));
  assert.equal(prepared.sharedExtensions('RSA'), undefined);
});

test('fail/an unknown name: the sentence lists those there are', () => {
  assert.deepEqual(createProfileRegistry([tlsServer]).find('tls'), {
    ok: false,
    error: 'There is no certificate profile "tls"; there are tls-server.',
  });
});

test('fail/two profiles with one name stop the start', () => {
  assert.throws(() => createProfileRegistry([tlsServer, { ...tlsServerShort, name: 'tls-server' }]), /same name/);
});
