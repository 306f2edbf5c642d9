/** Proves what the port of certificates promises: intent first, completed once, revoked once, CRLs without gaps. */
import assert from 'node:assert/strict';
import type { Store } from '../../ports/store.ts';
import { countOf, newAuthorization, newDigest, newId, newIntent, newJob, newOrder, now, together } from './fixtures.ts';
import type { Suite } from './suite.ts';

const der = new Uint8Array([48, 3, 2, 1, 5]);

async function processingOrder(store: Store) {
  const authorization = newAuthorization(newId(), { status: 'valid' });
  const order = newOrder(authorization.accountId, [authorization]);
  const job = newJob('issue', order.id);
  await store.orders.create(order, [authorization]);
  await store.orders.beginProcessing(order.id, new Uint8Array([1]), now, job);
  return { orderId: order.id, jobId: job.id };
}

export const certificatesSuite: Suite = {
  title: 'certificates',
  cases: {
    'have their intent on record before they exist, under a serial of their own': async ({ store }) => {
      const { orderId } = await processingOrder(store);
      const intent = newIntent({ orderId });
      assert.equal(await store.certificates.recordIntent(intent), 'recorded');
      assert.deepEqual(await store.certificates.findIntent(orderId), intent);
      assert.equal(await store.certificates.load(intent.id), undefined);
      assert.equal(await store.certificates.findBySerial(intent.serial), undefined);
      assert.equal(await store.certificates.recordIntent(newIntent({ serial: intent.serial })), 'duplicate');
      assert.deepEqual(await store.certificates.findIntent(orderId), intent, 'the first is untouched');
    },

    'replace an unfinished intent of the same order': async ({ store }) => {
      const { orderId } = await processingOrder(store);
      const [first, second] = [newIntent({ orderId }), newIntent({ orderId })];
      await store.certificates.recordIntent(first);
      assert.equal(await store.certificates.recordIntent(second), 'recorded');
      assert.equal((await store.certificates.findIntent(orderId))?.id, second.id);
      assert.equal(await store.certificates.complete(first.id, der, now), 'unchanged');
    },

    'are completed by one of 20 callers on two nodes, with order and job in the same unit': async ({
      store,
      other,
    }) => {
      const job = await processingOrder(store);
      const intent = newIntent({ orderId: job.orderId });
      await store.certificates.recordIntent(intent);
      const outcomes = await together(20, (at) =>
        (at % 2 === 0 ? store : other).certificates.complete(intent.id, der, now + 2, job),
      );
      assert.equal(
        countOf(outcomes, (outcome) => outcome === 'completed'),
        1,
      );
      const { tbs: _, at: __, ...kept } = intent;
      const certificate = { ...kept, der, issuedAt: now + 2 };
      assert.deepEqual(await store.certificates.load(intent.id), certificate);
      assert.deepEqual(await store.certificates.findBySerial(intent.serial), certificate);
      const order = await store.orders.load(job.orderId, now);
      assert.deepEqual([order?.status, order?.certificate], ['valid', intent.id]);
      assert.equal(await store.orders.loadRequest(job.orderId), undefined);
      assert.equal(await store.certificates.findIntent(job.orderId), undefined);
      assert.equal(await store.jobs.add(newJob('issue', job.orderId)), 'added', 'the job was gone');
    },

    'are not completed for an order that has moved on': async ({ store }) => {
      const job = await processingOrder(store);
      const intent = newIntent({ orderId: job.orderId });
      await store.certificates.recordIntent(intent);
      await store.orders.failProcessing(job.orderId, { type: 'about:blank' }, job.jobId);
      assert.equal(await store.certificates.complete(intent.id, der, now, job), 'unchanged');
      assert.equal(await store.certificates.load(intent.id), undefined);
    },

    'are completed without an order where they serve the server itself': async ({ store }) => {
      const { accountId: _, ...intent } = newIntent();
      await store.certificates.recordIntent(intent);
      assert.equal(await store.certificates.complete(intent.id, der, now), 'completed');
      assert.equal((await store.certificates.load(intent.id))?.accountId, undefined);
      assert.equal(await store.certificates.complete(newId(), der, now), 'unchanged');
    },

    'are revoked once, and listed for their issuer in order of serial until they expire': async ({ store, other }) => {
      const issuer = newId();
      const intents = ['0b', '0a', '7f'].map((end) => newIntent({ issuer, serial: `${newDigestHex()}${end}` }));
      intents.push(newIntent({ issuer }));
      for (const intent of intents) {
        await store.certificates.recordIntent(intent);
        await store.certificates.complete(intent.id, der, now);
      }
      const revoke = (serial: string, node = store) => node.certificates.revoke(serial, 4, now + 5);
      const outcomes = await together(20, (at) => revoke(intents[0]?.serial ?? '', at % 2 === 0 ? store : other));
      assert.equal(
        countOf(outcomes, (outcome) => outcome === 'revoked'),
        1,
      );
      assert.equal(
        countOf(outcomes, (outcome) => outcome === 'already-revoked'),
        19,
      );
      for (const { serial } of intents.slice(1, 3)) assert.equal(await revoke(serial), 'revoked');
      assert.equal(await revoke('00ff'), 'unknown');
      const serials = intents.slice(0, 3).map(({ serial }) => serial);
      assert.deepEqual(
        await store.certificates.revoked(issuer, now),
        serials.sort().map((serial) => ({ serial, revokedAt: now + 5, reason: 4 })),
      );
      assert.deepEqual(await store.certificates.revoked(issuer, intents[0]?.notAfter ?? 0), []);
      assert.deepEqual(await store.certificates.revoked(newId(), now), []);
      const revoked = await store.certificates.load(intents[0]?.id ?? '');
      assert.deepEqual([revoked?.revokedAt, revoked?.reason], [now + 5, 4]);
    },

    'are not revoked before they exist': async ({ store }) => {
      const intent = newIntent();
      await store.certificates.recordIntent(intent);
      assert.equal(await store.certificates.revoke(intent.serial, 0, now), 'unknown');
    },

    'are refused for blocked keys': async ({ store }) => {
      const key = newDigest();
      assert.equal(await store.certificates.isBlockedKey(key), false);
      await store.certificates.blockKey(key, now);
      await store.certificates.blockKey(key, now + 1);
      assert.equal(await store.certificates.isBlockedKey(key), true);
    },

    'have revocation lists whose numbers grow by one, made by one of two nodes': async ({ store, other }) => {
      const issuer = newId();
      const crl = (number: number) => ({ number, der, thisUpdate: now, nextUpdate: now + 1 });
      assert.equal(await store.certificates.loadCrl(issuer), undefined);
      assert.equal(await store.certificates.putCrl(issuer, crl(1)), true);
      const outcomes = await together(20, (at) => (at % 2 === 0 ? store : other).certificates.putCrl(issuer, crl(2)));
      assert.equal(
        countOf(outcomes, (stored) => stored),
        1,
      );
      assert.equal(await store.certificates.putCrl(issuer, crl(4)), false);
      assert.equal(await store.certificates.putCrl(issuer, crl(1)), false);
      assert.deepEqual(await store.certificates.loadCrl(issuer), crl(2));
    },
  },
};

function newDigestHex(): string {
  return Buffer.from(newDigest()).toString('hex').slice(0, 20);
}
