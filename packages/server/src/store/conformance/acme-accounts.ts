/** Proves what the port of ACME accounts promises: one account per key, one winner per change. */
import assert from 'node:assert/strict';
import { countOf, newAccount, newAuthorization, newId, newJob, newOrder, now, together } from './fixtures.ts';
import type { Suite } from './suite.ts';

export const acmeAccountsSuite: Suite = {
  title: 'ACME accounts',
  cases: {
    'are made once per key by 20 callers on two nodes, who all get the same one': async ({ store, other }) => {
      const thumbprint = newId();
      const created = await together(20, (at) =>
        (at % 2 === 0 ? store : other).acmeAccounts.create(newAccount({ thumbprint })),
      );
      assert.equal(
        countOf(created, ({ outcome }) => outcome === 'created'),
        1,
      );
      assert.equal(new Set(created.map(({ account }) => account.id)).size, 1);
    },

    'read back as stored, by id and by key': async ({ store }) => {
      const { termsAgreedAt: _, ...account } = newAccount();
      assert.deepEqual(await store.acmeAccounts.create(account), { outcome: 'created', account });
      assert.deepEqual(await store.acmeAccounts.load(account.id), account);
      assert.deepEqual(await store.acmeAccounts.findByThumbprint(account.thumbprint), account);
      assert.equal(await store.acmeAccounts.load(newId()), undefined);
      assert.equal(await store.acmeAccounts.findByThumbprint(newId()), undefined);
    },

    'change their contact and tell it by the version of all': async ({ store, other }) => {
      const account = newAccount();
      await store.acmeAccounts.create(account);
      const before = await other.acmeAccounts.version();
      const updated = await store.acmeAccounts.updateContact(account.id, []);
      assert.deepEqual(updated, { ...account, contact: [], version: 2 });
      assert.notEqual(await other.acmeAccounts.version(), before);
      assert.equal(await store.acmeAccounts.updateContact(newId(), []), undefined);
    },

    'end with their open orders and authorizations, and leave a processing order alone': async ({ store }) => {
      const account = newAccount();
      await store.acmeAccounts.create(account);
      const [pending, valid] = [newAuthorization(account.id), newAuthorization(account.id, { status: 'valid' })];
      const [open, processing] = [newOrder(account.id, [pending]), newOrder(account.id, [valid])];
      await store.orders.create(open, [pending]);
      await store.orders.create(processing, [valid]);
      await store.orders.beginProcessing(processing.id, new Uint8Array([1]), now, newJob('issue', processing.id));
      const ended = await store.acmeAccounts.deactivate(account.id, now);
      assert.deepEqual([ended?.status, ended?.version], ['deactivated', 2]);
      assert.equal((await store.orders.load(open.id, now))?.status, 'invalid');
      assert.equal((await store.orders.load(processing.id, now))?.status, 'processing');
      for (const { id } of [pending, valid]) {
        assert.equal((await store.orders.loadAuthorization(id, now))?.status, 'deactivated');
      }
      assert.deepEqual(await store.acmeAccounts.deactivate(account.id, now), ended);
      assert.equal(await store.acmeAccounts.updateContact(account.id, []), undefined);
      assert.equal(await store.acmeAccounts.deactivate(newId(), now), undefined);
    },

    'change their key once, and never to one that another account has': async ({ store, other }) => {
      const [account, holder] = [newAccount(), newAccount()];
      await store.acmeAccounts.create(account);
      await store.acmeAccounts.create(holder);
      const replace = (thumbprint: string, node = store) =>
        node.acmeAccounts.replaceKey(account.id, account.thumbprint, { publicJwk: { kty: 'OKP' }, thumbprint });
      assert.deepEqual(await replace(holder.thumbprint), { outcome: 'in-use', account: holder.id });
      const outcomes = await together(20, (at) => replace(newId(), at % 2 === 0 ? store : other));
      assert.equal(
        countOf(outcomes, ({ outcome }) => outcome === 'replaced'),
        1,
      );
      assert.equal(
        countOf(outcomes, ({ outcome }) => outcome === 'conflict'),
        19,
      );
      assert.equal(await store.acmeAccounts.findByThumbprint(account.thumbprint), undefined);
    },

    'that want the same new key at the same time do not both get it': async ({ store, other }) => {
      const accounts = Array.from({ length: 10 }, () => newAccount());
      for (const account of accounts) await store.acmeAccounts.create(account);
      const thumbprint = newId();
      const outcomes = await Promise.all(
        accounts.map((account, at) =>
          (at % 2 === 0 ? store : other).acmeAccounts.replaceKey(account.id, account.thumbprint, {
            publicJwk: { kty: 'OKP' },
            thumbprint,
          }),
        ),
      );
      assert.equal(
        countOf(outcomes, ({ outcome }) => outcome === 'replaced'),
        1,
      );
      assert.equal(
        countOf(outcomes, ({ outcome }) => outcome === 'in-use'),
        9,
      );
    },
  },
};
