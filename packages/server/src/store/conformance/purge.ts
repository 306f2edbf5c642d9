/** Proves that the purge takes what has expired, all of it and nothing else, in bounded steps. */
import assert from 'node:assert/strict';
import { day, hour, minute } from '@tegata/core/time/duration';
import {
  newAccess,
  newAuthorization,
  newCode,
  newDigest,
  newId,
  newIntent,
  newJob,
  newOrder,
  newRefresh,
  now,
} from './fixtures.ts';
import type { Suite } from './suite.ts';

export const purgeSuite: Suite = {
  title: 'the purge',
  cases: {
    'deletes at most the asked number of each kind, and goes on the next time': async ({ store }) => {
      for (let at = 0; at < 250; at++) await store.replay.firstSeen('jti', newDigest(), now, now + minute);
      const later = now + minute;
      const rounds = [await store.purge(later, 120), await store.purge(later, 120), await store.purge(later, 120)];
      assert.deepEqual(rounds, [120, 120, 10]);
      assert.equal(await store.purge(later, 120), 0);
    },

    'leaves everything that still lives': async ({ store }) => {
      const code = newCode(newId());
      const [refresh, access] = [newRefresh(code.family), newAccess(code.family)];
      const handle = { id: newId(), digest: newDigest() };
      const session = { id: newId(), subject: 'usr_1', authTime: now, amr: [], createdAt: now, expiresAt: now + hour };
      await store.tokens.putCode(code);
      await store.tokens.redeemCode(code.handle, { refresh, access }, now);
      await store.oneTime.put('interaction', handle, {}, now, now + minute);
      await store.sessions.start(session, handle.digest);
      await store.revocations.add({ kind: 'jti', value: 'x', revokedAt: now, expiresAt: now + hour });
      await store.users.recordFailure('key', now, [0]);
      assert.equal(await store.purge(now + minute - 1, 1000), 0);
      assert.equal(await store.purge(now + minute, 1000), 2, 'code and one-time thing');
      assert.equal(await store.purge(now + hour, 1000), 3, 'access token, session and revocation');
      assert.notEqual(await store.tokens.peekRefresh(refresh.handle, now + day), undefined);
      assert.equal(await store.purge(now + 200 * day, 1000), 3, 'refresh token, family and throttle');
    },

    'keeps orders for a while with all they name, and certificates for good': async ({ store }) => {
      const shared = newAuthorization(newId(), { status: 'valid', expiresAt: now + 300 * day });
      const [old, longer, processing] = [
        newOrder(shared.accountId, [shared]),
        newOrder(shared.accountId, [shared], { expiresAt: now + 100 * day }),
        newOrder(shared.accountId, [shared]),
      ];
      await store.orders.create(old, [shared]);
      await store.orders.create(longer, []);
      await store.orders.create(processing, []);
      await store.orders.beginProcessing(processing.id, new Uint8Array([1]), now, newJob('issue', processing.id));
      const [issued, intended] = [newIntent(), newIntent()];
      await store.certificates.recordIntent(issued);
      await store.certificates.recordIntent(intended);
      await store.certificates.complete(issued.id, new Uint8Array([48, 0]), now);
      assert.equal(await store.purge(old.expiresAt, 1000), 0);
      assert.equal(await store.purge(old.expiresAt + 7 * day, 1000), 1);
      assert.equal(await store.orders.load(old.id, now), undefined);
      assert.equal((await store.orders.loadWithAuthorizations(longer.id, now))?.authorizations.length, 1);
      assert.equal(await store.purge(now + 400 * day, 1000), 2, 'the longer order and the unsigned intent');
      assert.equal((await store.orders.load(processing.id, now))?.status, 'processing');
      assert.notEqual(await store.orders.loadAuthorization(shared.id, now), undefined, 'named by the processing order');
      assert.notEqual(await store.certificates.load(issued.id), undefined);
    },
  },
};
