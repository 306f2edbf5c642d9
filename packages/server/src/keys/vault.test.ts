/** The key vault: what it stores is wrapped, what it loads signs. */
import assert from 'node:assert/strict';
import { createPublicKey, verify } from 'node:crypto';
import { afterEach, beforeEach, test } from 'node:test';
import { systemRandom } from '@tegata/core/random';
import { manualClock } from '@tegata/core/time/clock';
import { openTestStore, testStart, testWrapping } from '../../../../test/support/ca.ts';
import type { KeyVault } from '../ports/key-vault.ts';
import type { Store } from '../ports/store.ts';
import { createKeyVault } from './vault.ts';
import { createKeyWrapping } from './wrapping.ts';

const clock = manualClock(testStart);
let store: Store;
let vault: KeyVault;
beforeEach(async () => {
  store = await openTestStore();
  vault = createKeyVault({ store: store.keys, wrapping: testWrapping, clock });
});
afterEach(() => store.close());

test('a stored key signs as it did before', async () => {
  const made = await vault.generate('issuing-ca', 'ES256', testStart);
  assert.equal(await vault.add(made, { onlyIfNone: true }), 'added');
  const [loaded] = await vault.load('issuing-ca');
  assert.ok(loaded !== undefined);
  assert.deepEqual(loaded.publicKeyInfo, made.publicKeyInfo);
  const data = new TextEncoder().encode('x');
  const key = createPublicKey({ key: Buffer.from(made.publicKeyInfo), format: 'der', type: 'spki' });
  const signature = await loaded.signer.sign(data);
  assert.ok(verify('sha256', data, { key, dsaEncoding: 'ieee-p1363' }, signature));
});

test('an unretired key of the same kind keeps a second one out; a retired one does not', async () => {
  const [a, b] = [
    await vault.generate('root-ca', 'ES256', testStart),
    await vault.generate('root-ca', 'ES256', testStart),
  ];
  assert.equal(await vault.add(a, { onlyIfNone: true }), 'added');
  assert.equal(await vault.add(b, { onlyIfNone: true }), 'exists');
  await vault.retire(a.record.keyId, testStart);
  assert.equal(await vault.add(b, { onlyIfNone: true }), 'added');
});

test('certificates are kept beside their key and can be replaced', async () => {
  const made = await vault.generate('root-ca', 'ES256', testStart);
  await vault.add(made, { certificate: Uint8Array.of(1), onlyIfNone: true });
  await vault.setCertificate(made.record.keyId, Uint8Array.of(2));
  const [loaded] = await vault.load('root-ca');
  assert.deepEqual([...(loaded?.record.certificate ?? [])], [2]);
});

test('fail/a damaged row: the sentence says what to do', async () => {
  const made = await vault.generate('root-ca', 'ES256', testStart);
  await vault.add(made, { onlyIfNone: true });
  const other = createKeyVault({
    store: store.keys,
    wrapping: createKeyWrapping(new Uint8Array(32), systemRandom()),
    clock,
  });
  await assert.rejects(other.load('root-ca'), /key [0-9a-f]{20} in the store is damaged; restore the store/);
});

test('fail/a key of an algorithm that this version does not know', async () => {
  const made = await vault.generate('root-ca', 'ES256', testStart);
  await store.keys.add({ ...made.record, algorithm: 'ML-DSA-44' });
  await assert.rejects(vault.load('root-ca'), /unknown algorithm ML-DSA-44/);
});
