/** The key ring over a real store: first start, restarts, several nodes, rotation over months. */
import assert from 'node:assert/strict';
import { verify } from 'node:crypto';
import { afterEach, beforeEach, test } from 'node:test';
import { systemRandom } from '@tegata/core/random';
import { type ManualClock, manualClock } from '@tegata/core/time/clock';
import { day, hour, minute } from '@tegata/core/time/duration';
import { openTestStore, testStart, testWrapping } from '../../../../test/support/ca.ts';
import type { KeyRing } from '../ports/key-ring.ts';
import type { Store } from '../ports/store.ts';
import { type ManagedKeyRing, openKeyRing } from './key-ring.ts';
import type { RotationPolicy } from './rotation-plan.ts';
import { createKeyWrapping } from './wrapping.ts';

const random = systemRandom();
const policy: RotationPolicy = {
  algorithms: ['ES256'],
  rotateAfter: 30 * day,
  publishAhead: day,
  keepPublished: 2 * day,
};

let store: Store;
let clock: ManualClock;
beforeEach(async () => {
  store = await openTestStore();
  clock = manualClock(testStart);
});
afterEach(() => store.close());

const open = (change: Partial<RotationPolicy> = {}, wrapping = testWrapping): Promise<ManagedKeyRing> =>
  openKeyRing({ store: store.keys, wrapping, policy: { ...policy, ...change }, clock, random });

const kids = (ring: KeyRing): readonly (string | undefined)[] => ring.published().map((jwk) => jwk.kid);

test('the first start makes a key for each algorithm, in the order of preference', async () => {
  const ring = await open({ algorithms: ['ES256', 'RS256'] });
  assert.deepEqual(ring.algorithms(), ['ES256', 'RS256']);
  assert.deepEqual(
    ring
      .published()
      .map((jwk) => [jwk.kty, jwk.alg, jwk.use])
      .sort(),
    [
      ['EC', 'ES256', 'sig'],
      ['RSA', 'RS256', 'sig'],
    ],
  );
  const data = new TextEncoder().encode('x');
  const signature = await ring.tokenSigner('RS256').sign(data);
  const key = ring.verificationKey(ring.tokenSigner('RS256').keyId);
  assert.ok(key !== undefined && verify('sha256', data, key.key.keyObject, signature));
  assert.throws(() => ring.tokenSigner('ES384'), /no token key for ES384/);
});

test('nothing published or stored in the open is private', async () => {
  const ring = await open();
  for (const record of [...ring.published(), ...(await store.keys.list()).map((key) => key.publicJwk)]) {
    assert.ok(!('d' in record));
  }
  const [key] = await store.keys.list('token');
  assert.ok(key !== undefined && !Buffer.from(key.wrapped).includes(Buffer.from('300706052b', 'hex')));
});

test('after a restart, and on another node, keys and secrets are the same', async () => {
  const first = await open();
  const second = await open();
  assert.equal(second.tokenSigner('ES256').keyId, first.tokenSigner('ES256').keyId);
  assert.deepEqual(second.secret('cookies'), first.secret('cookies'));
});

test('nodes that start together agree on one key and one secret', async () => {
  const rings = await Promise.all([open(), open(), open()]);
  for (const ring of rings) await ring.maintain();
  assert.equal(new Set(rings.map((ring) => ring.tokenSigner('ES256').keyId)).size, 1);
  assert.equal(new Set(rings.map((ring) => Buffer.from(ring.secret('x')).toString('hex'))).size, 1);
  assert.equal((await store.keys.list('token')).length, 1);
});

test('secrets differ by purpose, have 32 bytes, and callers cannot spoil them', async () => {
  const ring = await open();
  const secret = ring.secret('a');
  assert.equal(secret.length, 32);
  assert.notDeepEqual(ring.secret('b'), secret);
  ring.secret('a').fill(0);
  assert.deepEqual(ring.secret('a'), secret);
});

test('over a year of rotations every token verifies until it expires and the JWKS never lacks the signing key', async () => {
  const ring = await open();
  const seen = new Set<string>();
  const tokens: { readonly keyId: string; readonly expires: number }[] = [];
  for (let elapsed = 0; elapsed < 365 * day; elapsed += 8 * hour) {
    clock.set(testStart + elapsed);
    await ring.maintain();
    const { keyId } = ring.tokenSigner('ES256');
    seen.add(keyId);
    assert.ok(kids(ring).includes(keyId), 'the signing key is published');
    tokens.push({ keyId, expires: clock.now() + policy.keepPublished });
    for (const token of tokens.slice(-6)) {
      assert.ok(ring.verificationKey(token.keyId) !== undefined, 'a living token verifies');
    }
  }
  assert.equal(seen.size, 12);
  assert.ok((await store.keys.list('token')).length <= 3, 'old private keys are destroyed');
});

test('a key is published for a whole day before it signs', async () => {
  const ring = await open();
  const old = ring.tokenSigner('ES256').keyId;
  clock.advance(30 * day);
  await ring.maintain();
  const next = kids(ring).find((kid) => kid !== old);
  assert.ok(next !== undefined);
  clock.advance(day - 1);
  assert.equal(ring.tokenSigner('ES256').keyId, old);
  // No look at the store in between: the time alone decides.
  clock.advance(1);
  assert.equal(ring.tokenSigner('ES256').keyId, next);
  assert.equal(kids(ring)[0], next);
});

test('rotation by command on one node reaches the other by its next look', async () => {
  const [here, there] = [await open(), await open()];
  const before = here.tokenSigner('ES256').keyId;
  await here.rotate({ algorithms: ['ES256'], urgent: true });
  await there.maintain();
  clock.advance(2 * minute);
  const after = there.tokenSigner('ES256').keyId;
  assert.notEqual(after, before);
  assert.equal(here.tokenSigner('ES256').keyId, after);
  assert.equal(there.verificationKey(before), undefined, 'a compromised key verifies nothing any more');
});

test('nodes that rotate at the same moment make one key', async () => {
  const rings = [await open(), await open()];
  clock.advance(31 * day);
  await Promise.all(rings.map((ring) => ring.maintain()));
  for (const ring of rings) await ring.maintain();
  assert.equal((await store.keys.list('token')).length, 2);
});

test('looks that overlap on one node plan once', async () => {
  const ring = await open();
  clock.advance(31 * day);
  await Promise.all([ring.maintain(), ring.maintain(), ring.maintain()]);
  assert.equal((await store.keys.list('token')).length, 2);
});

test('signers and published keys keep their identity while nothing changes', async () => {
  const ring = await open();
  const [signer, published] = [ring.tokenSigner('ES256'), ring.published()];
  clock.advance(hour);
  await ring.maintain();
  assert.equal(ring.tokenSigner('ES256'), signer);
  assert.equal(ring.published(), published);
});

test('a clock set back by a month still signs with a published key', async () => {
  const ring = await open();
  clock.advance(31 * day);
  await ring.maintain();
  clock.advance(day);
  ring.tokenSigner('ES256');
  clock.advance(-62 * day);
  await ring.maintain();
  assert.ok(kids(ring).includes(ring.tokenSigner('ES256').keyId));
});

test('fail/a store that stops answering: what is known goes on', async () => {
  const ring = await open();
  const { keyId } = ring.tokenSigner('ES256');
  await store.close();
  await assert.rejects(ring.maintain());
  assert.equal(ring.tokenSigner('ES256').keyId, keyId);
  store = await openTestStore();
});

test('fail/a damaged instance secret is told', async () => {
  await open();
  await assert.rejects(open({}, createKeyWrapping(new Uint8Array(32), random)), /instance secret .* is damaged/);
});
