import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { JsonObject } from '@tegata/core/codec/json';
import { systemRandom } from '@tegata/core/random';
import { fail } from '@tegata/core/result';
import { day, hour } from '@tegata/core/time/duration';
import { createCsr } from '../../../../../test/support/acme.ts';
import {
  type Account,
  type AcmeHarness,
  createAcmeHarness,
  type HarnessOptions,
} from '../../../../../test/support/acme-harness.ts';
import type { Log } from '../../ports/log.ts';
import type { Job, JobKind } from '../../ports/stores/jobs.ts';
import { createAcmeJobHandlers } from '../acme.ts';
import { createCompletions } from '../orders/completions.ts';
import { sweepStrandedOrders } from './sweep.ts';

const never = new AbortController().signal;
const silent: Log = { debug() {}, info() {}, warn() {}, error() {} };

/** A harness whose jobs are run by the test, as another process would. */
async function withIdle(
  options: HarnessOptions,
  run: (acme: AcmeHarness, account: Account) => Promise<void>,
): Promise<void> {
  const acme = await createAcmeHarness({ idle: true, ...options });
  try {
    await run(acme, await acme.register());
  } finally {
    await acme.close();
  }
}

/** Takes the job of a kind, whoever held it, and runs it with handlers of another process. */
async function takeOver(
  acme: AcmeHarness,
  kind: JobKind,
  change: Partial<Parameters<typeof createAcmeJobHandlers>[0]> = {},
  attempts = 1,
  signal = never,
) {
  acme.clock.advance(hour);
  const [job] = await acme.store.jobs.lease([kind], 'other', acme.clock.now(), acme.clock.now() + hour, 1);
  assert.ok(job, `there is a job of kind ${kind}`);
  const handlers = handlersOf(acme, change);
  const handler = kind === 'issue' ? handlers.issue : handlers.validate;
  return { job, outcome: await handler({ ...job, attempts } satisfies Job, signal) };
}

function handlersOf(acme: AcmeHarness, change: Partial<Parameters<typeof createAcmeJobHandlers>[0]> = {}) {
  return createAcmeJobHandlers({
    baseUrl: acme.url(''),
    orderLifetime: 7 * day,
    authorizationLifetime: 30 * day,
    caaIdentities: ['ca.example'],
    store: acme.store,
    ca: acme.ca,
    completions: createCompletions({ sleep: async () => {} }),
    probes: {
      resolveTxt: async () => fail({ kind: 'dns', detail: 'No answer.' }),
      resolveCaa: async () => fail({ kind: 'dns', detail: 'No answer.' }),
      fetchHttp: async () => fail({ kind: 'connection', detail: 'No answer.' }),
    },
    timer: { sleep: async () => {} },
    clock: acme.clock,
    audit: { record() {} },
    log: silent,
    metrics: { count() {}, observe() {} },
    alwaysValid: true,
    ...change,
  });
}

/** Responds to the http-01 challenge of a new order; nobody looks at it. */
async function respond(acme: AcmeHarness, account: Account, name: string) {
  const identifiers = [{ type: 'dns', value: name }];
  const order = await acme.post(account, acme.url('/acme/new-order'), { identifiers });
  const [authorization] = order.json.authorizations as [string];
  const { json } = await acme.post(account, authorization, '');
  const [challenge] = json.challenges as readonly [JsonObject];
  await acme.post(account, challenge.url as string, {});
  return { location: order.header('location') as string, finalize: order.json.finalize as string, authorization };
}

/** An order in processing whose job nobody runs. */
async function finalize(acme: AcmeHarness, account: Account, name: string) {
  const placed = await respond(acme, account, name);
  const { outcome } = await takeOver(acme, 'validate');
  assert.equal(outcome.kind, 'concluded');
  const answer = await acme.post(account, placed.finalize, { csr: createCsr([name]).csr });
  assert.equal(answer.json.status, 'processing');
  return placed;
}

const statusOf = async (acme: AcmeHarness, account: Account, url: string) => (await acme.post(account, url, '')).json;

describe('the validate job', () => {
  it('is done by another process when the one that stored it has died', () =>
    withIdle({}, async (acme, account) => {
      const placed = await respond(acme, account, 'a.example');
      assert.equal((await statusOf(acme, account, placed.authorization)).status, 'pending');
      await takeOver(acme, 'validate');
      assert.equal((await statusOf(acme, account, placed.location)).status, 'ready');
    }));

  it('is left for later when the process stops while looking, instead of blaming the client', () =>
    withIdle({}, async (acme, account) => {
      const placed = await respond(acme, account, 'a.example');
      const { outcome } = await takeOver(acme, 'validate', { alwaysValid: false }, 1, AbortSignal.abort());
      assert.equal(outcome.kind, 'again');
      assert.equal((await statusOf(acme, account, placed.authorization)).status, 'pending');
    }));

  it('has nothing to do when the authorization was given up, or another process was first', () =>
    withIdle({}, async (acme, account) => {
      const placed = await respond(acme, account, 'a.example');
      await acme.post(account, placed.authorization, { status: 'deactivated' });
      assert.equal((await takeOver(acme, 'validate')).outcome.kind, 'finished');
      const second = await respond(acme, account, 'b.example');
      const { job } = await takeOver(acme, 'validate');
      assert.equal((await handlersOf(acme).validate(job, never)).kind, 'finished');
      assert.equal((await statusOf(acme, account, second.authorization)).status, 'valid');
    }));
});

describe('the issue job', () => {
  it('is done by another process when the one that stored it has died', () =>
    withIdle({}, async (acme, account) => {
      const placed = await finalize(acme, account, 'a.example');
      assert.equal((await takeOver(acme, 'issue')).outcome.kind, 'concluded');
      const order = await statusOf(acme, account, placed.location);
      assert.equal(order.status, 'valid');
      assert.match((await acme.post(account, order.certificate as string, '')).text, /BEGIN CERTIFICATE/);
    }));

  it('gives one certificate when it is run twice', () =>
    withIdle({}, async (acme, account) => {
      const placed = await finalize(acme, account, 'a.example');
      const { job } = await takeOver(acme, 'issue');
      const first = (await statusOf(acme, account, placed.location)).certificate;
      assert.equal((await handlersOf(acme).issue(job, never)).kind, 'finished');
      assert.equal((await statusOf(acme, account, placed.location)).certificate, first);
    }));

  it('is tried again, later each time, when the store or the signer fails', () =>
    withIdle({}, async (acme, account) => {
      const placed = await finalize(acme, account, 'a.example');
      const broken = { ...acme.ca, issue: () => Promise.reject(new Error('disk')) };
      const { job, outcome } = await takeOver(acme, 'issue', { ca: broken }, 1);
      const again = await handlersOf(acme, { ca: broken }).issue({ ...job, attempts: 3 }, never);
      assert.ok(outcome.kind === 'again' && again.kind === 'again');
      assert.ok(again.notBefore > outcome.notBefore && outcome.notBefore > acme.clock.now());
      assert.equal((await statusOf(acme, account, placed.location)).status, 'processing');
    }));

  it('does not leave an order in processing for ever', () =>
    withIdle({}, async (acme, account) => {
      const placed = await finalize(acme, account, 'a.example');
      const broken = { ...acme.ca, issue: () => Promise.reject(new Error('disk')) };
      assert.equal((await takeOver(acme, 'issue', { ca: broken }, 8)).outcome.kind, 'finished');
      const order = await statusOf(acme, account, placed.location);
      assert.equal(order.status, 'invalid');
      assert.equal((order.error as JsonObject).type, 'urn:ietf:params:acme:error:serverInternal');
      assert.doesNotMatch(JSON.stringify(order), /disk/);
    }));

  it('asks CAA again when the answer is more than eight hours old', () =>
    withIdle({}, async (acme, account) => {
      const placed = await finalize(acme, account, 'a.example');
      acme.clock.advance(8 * hour);
      const asked: string[] = [];
      const probes = {
        resolveTxt: () => assert.fail(),
        fetchHttp: () => assert.fail(),
        resolveCaa: async (name: string) => {
          asked.push(name);
          return { ok: true as const, value: [{ critical: false, tag: 'issue', value: ';' }] };
        },
      };
      await takeOver(acme, 'issue', { alwaysValid: false, probes });
      assert.deepEqual(asked, ['a.example']);
      const order = await statusOf(acme, account, placed.location);
      assert.equal((order.error as JsonObject).type, 'urn:ietf:params:acme:error:caa');
    }));

  it('does not ask CAA again while the answer is fresh', () =>
    withIdle({}, async (acme, account) => {
      const placed = await finalize(acme, account, 'a.example');
      await takeOver(acme, 'issue', { alwaysValid: false });
      assert.equal((await statusOf(acme, account, placed.location)).status, 'valid');
    }));

  it('is left for later when the process stops while asking', () =>
    withIdle({}, async (acme, account) => {
      const placed = await finalize(acme, account, 'a.example');
      acme.clock.advance(8 * hour);
      const { outcome } = await takeOver(acme, 'issue', { alwaysValid: false }, 1, AbortSignal.abort());
      assert.equal(outcome.kind, 'again');
      assert.equal((await statusOf(acme, account, placed.location)).status, 'processing');
    }));

  it('does not issue when a proof has run out meanwhile', () =>
    withIdle({}, async (acme, account) => {
      const placed = await finalize(acme, account, 'a.example');
      acme.clock.advance(31 * day);
      await takeOver(acme, 'issue');
      const order = await statusOf(acme, account, placed.location);
      assert.equal(order.status, 'invalid');
      assert.equal((order.error as JsonObject).type, 'urn:ietf:params:acme:error:unauthorized');
    }));
});

describe('the sweep', () => {
  it('gives a job to an order that was left in processing without one', () =>
    withIdle({}, async (acme, account) => {
      const placed = await finalize(acme, account, 'a.example');
      const sweep = () => sweepStrandedOrders({ store: acme.store, clock: acme.clock, random: systemRandom() });
      assert.equal(await sweep(), 0);
      acme.clock.advance(hour);
      const [job] = await acme.store.jobs.lease(['issue'], 'other', acme.clock.now(), acme.clock.now() + hour, 1);
      await acme.store.jobs.finish(job?.id as string, 'other');
      assert.equal(await sweep(), 1);
      assert.equal(await sweep(), 0);
      await takeOver(acme, 'issue');
      assert.equal((await statusOf(acme, account, placed.location)).status, 'valid');
    }));
});

describe('always-valid validation', () => {
  it('warns in the log, and asks nobody', async () => {
    const warnings: string[] = [];
    await withIdle({}, async (acme, account) => {
      const log = { ...silent, warn: (_: unknown, message: string) => void warnings.push(message) };
      const placed = await respond(acme, account, 'a.example');
      await takeOver(acme, 'validate', { log });
      assert.equal((await statusOf(acme, account, placed.authorization)).status, 'valid');
      handlersOf(acme, { alwaysValid: false, log });
    });
    assert.equal(warnings.length, 1);
    assert.match(warnings[0] as string, /acme\.validation\.alwaysValid.*anybody/);
  });
});
