/** Proves what the port of jobs promises: one holder at a time, nothing lost, one live job per key. */
import assert from 'node:assert/strict';
import { minute } from '@tegata/core/time/duration';
import type { Store } from '../../ports/store.ts';
import type { JobKind } from '../../ports/stores/jobs.ts';
import { countOf, newId, newJob, now, together } from './fixtures.ts';
import type { Suite } from './suite.ts';

const kinds: readonly JobKind[] = ['validate', 'issue'];
const until = now + minute;

/** Leases everything that is due to a node, and takes it off the table. */
async function clear(store: Store) {
  for (const { id } of await store.jobs.lease(['validate', 'issue', 'publish-crl'], 'broom', now * 2, now * 2, 500)) {
    await store.jobs.finish(id, 'broom');
  }
}

export const jobsSuite: Suite = {
  title: 'jobs',
  cases: {
    'are taken by one of two nodes each, all of them, however many ask at once': async ({ store, other }) => {
      for (let round = 0; round < 5; round++) {
        const jobs = Array.from({ length: 20 }, () => newJob('validate', newId()));
        for (const job of jobs) assert.equal(await store.jobs.add(job), 'added');
        const taken = await together(12, (at) =>
          (at % 2 === 0 ? store : other).jobs.lease(kinds, `node-${at}`, now, until, 20),
        );
        assert.deepEqual(
          taken
            .flat()
            .map(({ id }) => id)
            .sort(),
          jobs.map(({ id }) => id).sort(),
        );
        await clear(store);
      }
    },

    'come with what they were made of, the holder and the attempt': async ({ store }) => {
      const job = newJob('issue', newId(), { payload: { orderId: 'x', deep: [1, null] } });
      await store.jobs.add(job);
      const lease = { owner: 'node', until };
      assert.deepEqual(await store.jobs.lease(kinds, 'node', now, until, 5), [{ ...job, attempts: 1, lease }]);
      const later = { owner: 'other', until: until + 1 };
      assert.deepEqual(await store.jobs.lease(kinds, 'other', until, until + 1, 5), [
        { ...job, attempts: 2, lease: later },
      ]);
      assert.deepEqual(await store.jobs.lease([], 'node', now * 2, until, 5), []);
      await clear(store);
    },

    'wait for their time and for a node that does their kind': async ({ store }) => {
      await store.jobs.add(newJob('publish-crl', newId(), { notBefore: now + 10 }));
      assert.equal((await store.jobs.lease(['publish-crl'], 'node', now + 9, until, 5)).length, 0);
      assert.equal((await store.jobs.lease(kinds, 'node', now + 10, until, 5)).length, 0);
      assert.equal((await store.jobs.lease(['publish-crl'], 'node', now + 10, until, 5)).length, 1);
      await clear(store);
    },

    'exist once per kind and key while they live': async ({ store, other }) => {
      const key = newId();
      const job = newJob('issue', key);
      const added = await together(20, (at) =>
        (at % 2 === 0 ? store : other).jobs.add(at === 0 ? job : newJob('issue', key)),
      );
      assert.equal(
        countOf(added, (outcome) => outcome === 'added'),
        1,
      );
      assert.equal(await store.jobs.add(newJob('validate', key)), 'added');
      await clear(store);
      assert.equal(await store.jobs.add(newJob('issue', key)), 'added');
      await clear(store);
    },

    'leased from birth belong to their maker until the lease ends': async ({ store }) => {
      const job = newJob('issue', newId(), { lease: { owner: 'maker', until } });
      await store.jobs.add(job);
      assert.equal((await store.jobs.lease(kinds, 'other', until - 1, until * 2, 5)).length, 0);
      assert.equal(await store.jobs.extend(job.id, 'other', until + 5), false);
      assert.equal(await store.jobs.extend(job.id, 'maker', until + 5), true);
      assert.equal((await store.jobs.lease(kinds, 'other', until, until * 2, 5)).length, 0);
      const [taken] = await store.jobs.lease(kinds, 'other', until + 5, until * 2, 5);
      assert.deepEqual([taken?.id, taken?.attempts], [job.id, 2]);
      assert.equal(await store.jobs.finish(job.id, 'maker'), false, 'the maker has lost it');
      assert.equal(await store.jobs.finish(job.id, 'other'), true);
    },

    'given back run again at the time asked for': async ({ store }) => {
      const job = newJob('issue', newId(), { lease: { owner: 'maker', until } });
      await store.jobs.add(job);
      assert.equal(await store.jobs.retry(job.id, 'other', now), false);
      assert.equal(await store.jobs.retry(job.id, 'maker', now + 100), true);
      assert.equal(await store.jobs.finish(job.id, 'maker'), false);
      assert.equal((await store.jobs.lease(kinds, 'node', now + 99, until, 5)).length, 0);
      const [taken] = await store.jobs.lease(kinds, 'node', now + 100, until, 5);
      assert.deepEqual([taken?.id, taken?.notBefore, taken?.attempts], [job.id, now + 100, 2]);
      await clear(store);
    },

    'of a node that starts again are due at once': async ({ store }) => {
      const job = newJob('issue', newId(), { lease: { owner: 'maker', until } });
      await store.jobs.add(job);
      assert.equal(await store.jobs.reclaim('other', now), 0);
      assert.equal(await store.jobs.reclaim('maker', now), 1);
      assert.equal((await store.jobs.lease(kinds, 'maker', now, until, 5)).length, 1);
      await clear(store);
    },
  },
};
