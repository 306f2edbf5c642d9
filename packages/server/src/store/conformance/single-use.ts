/** Proves that things which work once work once, whoever asks at the same time. */
import assert from 'node:assert/strict';
import { minute } from '@tegata/core/time/duration';
import type { Store } from '../../ports/store.ts';
import { countOf, newDigest, newId, now, together } from './fixtures.ts';
import type { Suite } from './suite.ts';

async function put(store: Store, kind: 'setup_link' | 'interaction', value = { step: 'login', at: 1 }) {
  const handle = { id: newId(), digest: newDigest() };
  await store.oneTime.put(kind, handle, value, now, now + minute);
  return handle;
}

export const oneTimeSuite: Suite = {
  title: 'one-time things',
  cases: {
    'show their value until spent or expired, to the right kind and secret only': async ({ store }) => {
      const handle = await put(store, 'interaction');
      assert.deepEqual(await store.oneTime.peek('interaction', handle, now), { step: 'login', at: 1 });
      assert.equal(await store.oneTime.peek('setup_link', handle, now), undefined);
      assert.equal(await store.oneTime.peek('interaction', { ...handle, digest: newDigest() }, now), undefined);
      assert.equal(await store.oneTime.peek('interaction', handle, now + minute), undefined);
      await store.oneTime.spend('interaction', handle, now);
      assert.equal(await store.oneTime.peek('interaction', handle, now), undefined);
    },

    'are spent by exactly one of 200 callers on two nodes': async ({ store, other }) => {
      const handle = await put(store, 'interaction');
      const spent = await together(200, (at) =>
        (at % 2 === 0 ? store : other).oneTime.spend('interaction', handle, now),
      );
      const first = spent.filter(({ outcome }) => outcome === 'first');
      assert.deepEqual(first, [{ outcome: 'first', value: { step: 'login', at: 1 } }]);
      assert.equal(
        countOf(spent, ({ outcome }) => outcome === 'reused'),
        199,
      );
    },

    'are unknown when expired or never there': async ({ store }) => {
      const handle = await put(store, 'interaction');
      assert.deepEqual(await store.oneTime.spend('interaction', handle, now + minute), { outcome: 'unknown' });
      const never = { id: newId(), digest: newDigest() };
      assert.deepEqual(await store.oneTime.spend('interaction', never, now), { outcome: 'unknown' });
    },

    'of one kind can be ended together': async ({ store }) => {
      const links = [await put(store, 'setup_link'), await put(store, 'setup_link')];
      const other = await put(store, 'interaction');
      assert.equal(await store.oneTime.revokeAll('setup_link', now), 2);
      for (const link of links) {
        assert.deepEqual(await store.oneTime.spend('setup_link', link, now), { outcome: 'unknown' });
      }
      assert.equal((await store.oneTime.spend('interaction', other, now)).outcome, 'first');
    },
  },
};

export const replaySuite: Suite = {
  title: 'replay protection',
  cases: {
    'says “first” to exactly one of 200 callers on two nodes': async ({ store, other }) => {
      const digest = newDigest();
      const seen = await together(200, (at) =>
        (at % 2 === 0 ? store : other).replay.firstSeen('jti', digest, now, now + minute),
      );
      assert.equal(
        countOf(seen, (first) => first),
        1,
      );
    },

    'keeps kinds apart': async ({ store }) => {
      const digest = newDigest();
      assert.equal(await store.replay.firstSeen('jti', digest, now, now + minute), true);
      assert.equal(await store.replay.firstSeen('dpop', digest, now, now + minute), true);
      assert.equal(await store.replay.firstSeen('jti', digest, now, now + minute), false);
    },

    'forgets at the expiry and not before, purged or not': async ({ store }) => {
      const digest = newDigest();
      assert.equal(await store.replay.firstSeen('jti', digest, now, now + minute), true);
      await store.purge(now + minute - 1, 1000);
      assert.equal(await store.replay.firstSeen('jti', digest, now + minute - 1, now + minute), false);
      assert.equal(await store.replay.firstSeen('jti', digest, now + minute, now + 2 * minute), true);
      assert.equal(await store.replay.firstSeen('jti', digest, now + minute, now + 2 * minute), false);
    },
  },
};
