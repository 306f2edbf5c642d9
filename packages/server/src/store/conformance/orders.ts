/** Proves the state machine of ACME orders and authorizations: every move is made once, whoever tries at the same time. */
import assert from 'node:assert/strict';
import { day } from '@tegata/core/time/duration';
import type { Store } from '../../ports/store.ts';
import type { AuthorizationRecord, OrderRecord, StoredProblem } from '../../ports/stores/orders.ts';
import { countOf, newAuthorization, newId, newJob, newOrder, now, together } from './fixtures.ts';
import type { Suite } from './suite.ts';

const problem: StoredProblem = { type: 'urn:ietf:params:acme:error:connection', detail: 'refused' };

/** Moves of an order, as the endpoints and jobs make them. */
function steps(store: Store) {
  const challengeOf = (authorization: AuthorizationRecord) => authorization.challenges[0]?.id ?? '';
  return {
    async place(authorizations: readonly AuthorizationRecord[], change: Partial<OrderRecord> = {}) {
      const order = newOrder(authorizations[0]?.accountId ?? newId(), authorizations, change);
      await store.orders.create(order, authorizations);
      return order;
    },
    begin: (authorization: AuthorizationRecord, at = now) =>
      store.orders.beginValidation(
        authorization.id,
        challengeOf(authorization),
        at,
        newJob('validate', challengeOf(authorization)),
      ),
    record: (authorization: AuthorizationRecord, error?: StoredProblem, jobId = newId()) =>
      store.orders.recordValidation({
        authorizationId: authorization.id,
        challengeId: challengeOf(authorization),
        at: now + 1,
        authorizationExpiresAt: now + 30 * day,
        jobId,
        ...(error !== undefined && { error }),
      }),
  };
}

export const authorizationsSuite: Suite = {
  title: 'authorizations',
  cases: {
    'read back as stored, and as expired when their time is over': async ({ store }) => {
      const step = steps(store);
      const authorization = newAuthorization(newId(), { wildcard: true });
      await step.place([authorization]);
      assert.deepEqual(await store.orders.loadAuthorization(authorization.id, now), authorization);
      const late = await store.orders.loadAuthorization(authorization.id, authorization.expiresAt);
      assert.equal(late?.status, 'expired');
      assert.equal(await store.orders.loadAuthorization(newId(), now), undefined);
    },

    'are validated by one of 20 callers on two nodes, with one job': async ({ store, other }) => {
      const step = steps(store);
      const authorization = newAuthorization(newId());
      await step.place([authorization]);
      const [here, there] = [steps(store), steps(other)];
      const begun = await together(20, (at) => (at % 2 === 0 ? here : there).begin(authorization));
      assert.equal(
        countOf(begun, (outcome) => outcome === 'begun'),
        1,
      );
      const leased = await store.jobs.lease(['validate'], 'node', now, now + day, 50);
      assert.equal(
        countOf(leased, ({ key }) => key === authorization.challenges[0]?.id),
        1,
      );
    },

    'become valid with their challenge, last as long as told, and end the job': async ({ store }) => {
      const step = steps(store);
      const authorization = newAuthorization(newId());
      await step.place([authorization]);
      const job = newJob('validate', newId());
      const challengeId = authorization.challenges[0]?.id ?? '';
      assert.equal(await store.orders.beginValidation(authorization.id, challengeId, now, job), 'begun');
      assert.equal(await step.record(authorization, undefined, job.id), 'recorded');
      const valid = await store.orders.loadAuthorization(authorization.id, now + 1);
      assert.deepEqual([valid?.status, valid?.expiresAt], ['valid', now + 30 * day]);
      assert.deepEqual(valid?.challenges[0], { ...authorization.challenges[0], status: 'valid', validatedAt: now + 1 });
      assert.deepEqual(valid?.challenges[1], authorization.challenges[1]);
      assert.equal(await store.jobs.add(job), 'added', 'the job was gone');
    },

    'become invalid with the problem of their challenge, and stay so': async ({ store }) => {
      const step = steps(store);
      const authorization = newAuthorization(newId());
      const order = await step.place([authorization]);
      await step.begin(authorization);
      assert.equal(await step.record(authorization, problem), 'recorded');
      assert.equal(await step.record(authorization), 'unchanged');
      const invalid = await store.orders.loadAuthorization(authorization.id, now + 1);
      assert.equal(invalid?.status, 'invalid');
      assert.deepEqual(invalid?.challenges[0]?.error, problem);
      const ended = await store.orders.load(order.id, now);
      assert.deepEqual([ended?.status, ended?.error], ['invalid', problem]);
    },

    'take no outcome for a challenge that nobody began, and none after they expired': async ({ store }) => {
      const step = steps(store);
      const authorization = newAuthorization(newId());
      const short = newAuthorization(newId(), { expiresAt: now + 1 });
      await step.place([authorization]);
      await step.place([short]);
      assert.equal(await step.record(authorization), 'unchanged');
      assert.equal(await step.begin(short), 'begun');
      assert.equal(await step.record(short), 'unchanged');
      assert.equal(await step.begin(authorization, authorization.expiresAt), 'unchanged');
      assert.equal(await step.begin(newAuthorization(newId())), 'unchanged');
    },

    'are found for reuse by account and identifier, wildcards apart, the one that lasts longest': async ({ store }) => {
      const step = steps(store);
      const accountId = newId();
      const identifier = { type: 'dns', value: `${newId()}.example.org` };
      const make = (change: Partial<AuthorizationRecord>) =>
        newAuthorization(accountId, { identifier, status: 'valid', ...change });
      const [short, long] = [make({ expiresAt: now + 1000 }), make({ expiresAt: now + 2000 })];
      const wild = make({ wildcard: true });
      for (const authorization of [short, long, wild, make({ status: 'pending' })]) await step.place([authorization]);
      const find = async (account: string, wildcard: boolean, until: number) => {
        const found = await store.orders.findValidAuthorizations(account, [{ ...identifier, wildcard }], until);
        return found.map(({ id }) => id);
      };
      assert.deepEqual(await find(accountId, false, now), [long.id]);
      assert.deepEqual(await find(accountId, true, now), [wild.id]);
      assert.deepEqual(await find(accountId, false, long.expiresAt), []);
      assert.deepEqual(await find(newId(), false, now), []);
      assert.deepEqual(await store.orders.findValidAuthorizations(accountId, [], now), []);
    },

    'end with the orders that still need them when deactivated, also while being validated': async ({ store }) => {
      const step = steps(store);
      const authorization = newAuthorization(newId());
      const order = await step.place([authorization]);
      await step.begin(authorization);
      assert.equal((await store.orders.deactivateAuthorization(authorization.id, now))?.status, 'deactivated');
      assert.equal((await store.orders.load(order.id, now))?.status, 'invalid');
      assert.equal(await step.record(authorization), 'unchanged');
      assert.equal((await store.orders.deactivateAuthorization(authorization.id, now))?.status, 'deactivated');
      assert.equal(await store.orders.deactivateAuthorization(newId(), now), undefined);
    },
  },
};

async function readyOrder(store: Store, change: Partial<OrderRecord> = {}) {
  const order = await steps(store).place([newAuthorization(newId(), { status: 'valid' })], change);
  assert.equal((await store.orders.load(order.id, now))?.status, 'ready');
  return order;
}

export const ordersSuite: Suite = {
  title: 'orders',
  cases: {
    'read back as stored, with their authorizations in order': async ({ store }) => {
      const step = steps(store);
      const accountId = newId();
      const authorizations = Array.from({ length: 5 }, () => newAuthorization(accountId));
      const order = await step.place(authorizations.toReversed(), { notBefore: now, notAfter: now + day });
      assert.deepEqual(await store.orders.load(order.id, now), order);
      assert.deepEqual(await store.orders.loadWithAuthorizations(order.id, now), {
        order,
        authorizations: authorizations.toReversed(),
      });
      assert.equal(await store.orders.load(newId(), now), undefined);
      assert.equal(await store.orders.loadWithAuthorizations(newId(), now), undefined);
    },

    'are invalid when their time passes before they were finalized': async ({ store }) => {
      const step = steps(store);
      const order = await step.place([newAuthorization(newId())]);
      assert.equal((await store.orders.load(order.id, order.expiresAt))?.status, 'invalid');
      const ready = await readyOrder(store);
      const late = await store.orders.beginProcessing(
        ready.id,
        new Uint8Array([1]),
        ready.expiresAt,
        newJob('issue', ready.id),
      );
      assert.equal(late, 'unchanged');
    },

    'become ready exactly when the last of ten authorizations is met, all at once on two nodes': async ({
      store,
      other,
    }) => {
      const step = steps(store);
      const accountId = newId();
      const authorizations = Array.from({ length: 10 }, () => newAuthorization(accountId));
      const order = await step.place(authorizations);
      await Promise.all(authorizations.map((authorization) => step.begin(authorization)));
      const [last, ...others] = authorizations;
      const there = steps(other);
      await Promise.all(others.map((authorization, at) => (at % 2 === 0 ? step : there).record(authorization)));
      assert.equal((await store.orders.load(order.id, now))?.status, 'pending');
      if (last !== undefined) await step.record(last);
      assert.equal((await store.orders.load(order.id, now))?.status, 'ready');
    },

    'that share an authorization all move with it': async ({ store }) => {
      const step = steps(store);
      const shared = newAuthorization(newId());
      const own = newAuthorization(shared.accountId);
      const first = await step.place([shared]);
      const second = newOrder(shared.accountId, [shared, own]);
      await store.orders.create(second, [own]);
      for (const authorization of [shared, own]) await step.begin(authorization);
      await step.record(shared);
      assert.equal((await store.orders.load(first.id, now))?.status, 'ready');
      assert.equal((await store.orders.load(second.id, now))?.status, 'pending');
      await step.record(own);
      assert.equal((await store.orders.load(second.id, now))?.status, 'ready');
    },

    'placed while a reused authorization is met or lost are never left waiting': async ({ store, other }) => {
      const step = steps(store);
      const accountId = newId();
      for (const error of [undefined, problem]) {
        const shared = Array.from({ length: 10 }, () => newAuthorization(accountId));
        for (const authorization of shared) {
          await step.place([authorization]);
          await step.begin(authorization);
        }
        const orders = shared.map((authorization) => newOrder(accountId, [authorization]));
        await Promise.all([
          ...orders.map((order) => other.orders.create(order, [])),
          ...shared.map((authorization) => step.record(authorization, error)),
        ]);
        for (const { id } of orders) {
          assert.equal((await store.orders.load(id, now))?.status, error === undefined ? 'ready' : 'invalid');
        }
      }
    },

    'are finalized by one of 20 callers on two nodes, with one job and the winner’s request': async ({
      store,
      other,
    }) => {
      const order = await readyOrder(store);
      const outcomes = await together(20, (at) =>
        (at % 2 === 0 ? store : other).orders.beginProcessing(
          order.id,
          new Uint8Array([at]),
          now,
          newJob('issue', order.id),
        ),
      );
      assert.equal(
        countOf(outcomes, (outcome) => outcome === 'begun'),
        1,
      );
      assert.deepEqual(await store.orders.loadRequest(order.id), new Uint8Array([outcomes.indexOf('begun')]));
      assert.equal((await store.orders.load(order.id, now))?.status, 'processing');
      const leased = await store.jobs.lease(['issue'], 'node', now, now + day, 50);
      assert.equal(
        countOf(leased, ({ key }) => key === order.id),
        1,
      );
    },

    'fail with a problem while processing, and only then': async ({ store }) => {
      const order = await readyOrder(store);
      const job = newJob('issue', order.id);
      assert.equal(await store.orders.failProcessing(order.id, problem, newId()), 'unchanged');
      await store.orders.beginProcessing(order.id, new Uint8Array([1]), now, job);
      assert.equal(await store.orders.failProcessing(order.id, problem, job.id), 'failed');
      const failed = await store.orders.load(order.id, now);
      assert.deepEqual([failed?.status, failed?.error], ['invalid', problem]);
      assert.equal(await store.orders.loadRequest(order.id), undefined);
      assert.equal(await store.jobs.add(job), 'added', 'the job was gone');
    },

    'that are processing without a job are found': async ({ store }) => {
      const [served, stranded] = [await readyOrder(store), await readyOrder(store)];
      for (const order of [served, stranded]) {
        const job = newJob('issue', order.id, { lease: { owner: 'gone', until: now + day } });
        await store.orders.beginProcessing(order.id, new Uint8Array([1]), now, job);
        if (order === stranded) await store.jobs.finish(job.id, 'gone');
      }
      assert.deepEqual(await store.orders.findStranded(10), [stranded.id]);
      await store.jobs.add(newJob('issue', stranded.id));
      assert.deepEqual(await store.orders.findStranded(10), []);
    },

    'of an account are listed newest first without invalid ones': async ({ store }) => {
      const step = steps(store);
      const accountId = newId();
      const placed: string[] = [];
      for (let at = 0; at < 7; at++) {
        const authorization = newAuthorization(accountId);
        const { id } = await step.place([authorization], { createdAt: now + Math.floor(at / 2) });
        if (at === 3) await store.orders.deactivateAuthorization(authorization.id, now);
        else placed.unshift(id);
      }
      const listed: string[] = [];
      let cursor: string | undefined;
      do {
        const page = await store.orders.listByAccount(accountId, {
          limit: 2,
          ...(cursor !== undefined && { after: cursor }),
        });
        listed.push(...page.items);
        cursor = page.cursor;
      } while (cursor !== undefined);
      assert.deepEqual([...listed].sort(), [...placed].sort());
      const createdAt = await Promise.all(listed.map(async (id) => (await store.orders.load(id, now))?.createdAt ?? 0));
      assert.deepEqual(
        createdAt,
        createdAt.toSorted((a, b) => b - a),
      );
    },
  },
};
