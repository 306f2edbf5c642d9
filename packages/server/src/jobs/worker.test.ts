import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { systemRandom } from '@tegata/core/random';
import { unwrap } from '@tegata/core/result';
import { type ManualClock, manualClock } from '@tegata/core/time/clock';
import { minute, second } from '@tegata/core/time/duration';
import type { JobHandler, JobOutcome } from '../ports/job-handler.ts';
import type { Store } from '../ports/store.ts';
import type { Job, JobStore, NewJob } from '../ports/stores/jobs.ts';
import type { Timer } from '../ports/timer.ts';
import { newId } from '../store/conformance/fixtures.ts';
import { openStore } from '../store/open-store.ts';
import { createWorker, type Worker, type WorkerLimits } from './worker.ts';

const start = 1_800_000_000_000;
const limits: WorkerLimits = { concurrency: 3, waiting: 4, pollMilliseconds: second, leaseMilliseconds: minute };

/** A timer whose sleepers wake when the clock is moved past their time. */
function manualTimer(clock: ManualClock): Timer & { advance(milliseconds: number): Promise<void> } {
  const sleepers = new Set<{ readonly at: number; readonly wake: () => void }>();
  return {
    sleep: (milliseconds, signal) =>
      new Promise((resolve) => {
        if (signal?.aborted === true) return resolve();
        const sleeper = { at: clock.now() + milliseconds, wake: done };
        function done() {
          sleepers.delete(sleeper);
          resolve();
        }
        sleepers.add(sleeper);
        signal?.addEventListener('abort', done);
      }),
    async advance(milliseconds) {
      const end = clock.now() + milliseconds;
      for (;;) {
        await settled();
        const next = [...sleepers].filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)[0];
        if (next === undefined) break;
        clock.set(Math.max(clock.now(), next.at));
        next.wake();
      }
      clock.set(end);
      await settled();
    },
  };
}

/** Lets everything happen that needs no time to pass. */
async function settled(): Promise<void> {
  for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve));
}

/** A handler whose runs end when the test says how. */
function controlledHandler() {
  const runs: {
    readonly job: Job;
    readonly signal: AbortSignal;
    readonly end: (outcome: JobOutcome | Error) => void;
  }[] = [];
  const handler: JobHandler = (job, signal) =>
    new Promise((resolve, reject) => {
      const end = (outcome: JobOutcome | Error) => (outcome instanceof Error ? reject(outcome) : resolve(outcome));
      runs.push({ job, signal, end });
    });
  return { handler, runs };
}

describe('job worker', () => {
  let store: Store;
  let clock: ManualClock;
  let timer: ReturnType<typeof manualTimer>;
  let controlled: ReturnType<typeof controlledHandler>;
  let messages: string[];
  let worker: Worker;

  function workerOn(jobs: JobStore): Worker {
    const note = (_: unknown, message: string) => void messages.push(message);
    const log = { debug: note, info: note, warn: note, error: note };
    const handlers = { validate: controlled.handler };
    return createWorker({ jobs, handlers, clock, timer, random: systemRandom(), log, owner: 'me' }, limits);
  }

  beforeEach(async () => {
    store = unwrap(await openStore('sqlite::memory:'));
    clock = manualClock(start);
    timer = manualTimer(clock);
    controlled = controlledHandler();
    messages = [];
    worker = workerOn(store.jobs);
  });
  afterEach(async () => {
    for (const { end } of controlled.runs) end({ kind: 'concluded' });
    const stopping = worker.stop(0);
    await timer.advance(10 * second);
    await stopping;
    await store.close();
  });

  const job = (change: Partial<NewJob> = {}): NewJob => ({
    id: newId(),
    kind: 'validate',
    key: newId(),
    payload: { about: 'x' },
    notBefore: start,
    ...change,
  });
  const mine = (): NewJob => job({ lease: { owner: 'me', until: start + minute } });
  const due = (at: number) => store.jobs.lease(['validate'], 'other', at, at + minute, 100);

  async function addAndNotify(count = 1): Promise<readonly NewJob[]> {
    const jobs = Array.from({ length: count }, mine);
    for (const one of jobs) {
      await store.jobs.add(one);
      worker.notify(one);
    }
    await settled();
    return jobs;
  }

  it('runs a job leased from birth at once, without reading or writing the store', async () => {
    const refusing = new Proxy(store.jobs, {
      get: () => () => Promise.reject(new Error('the store was asked')),
    });
    worker = workerOn(refusing);
    const one = mine();
    worker.notify(one);
    await settled();
    assert.deepEqual(controlled.runs[0]?.job, { ...one, attempts: 1 });
    controlled.runs[0]?.end({ kind: 'concluded' });
    await settled();
    assert.deepEqual(messages, []);
  });

  it('ignores notice of a job that another node holds, or nobody', async () => {
    worker.notify(job({ lease: { owner: 'other', until: start + minute } }));
    worker.notify(job());
    await settled();
    assert.equal(controlled.runs.length, 0);
  });

  it('removes a finished job and leaves a concluded one to its handler', async () => {
    const [finished, concluded] = await addAndNotify(2);
    controlled.runs[0]?.end({ kind: 'finished' });
    controlled.runs[1]?.end({ kind: 'concluded' });
    await settled();
    const left = await due(start + 2 * minute);
    assert.deepEqual(
      left.map(({ id }) => id),
      [concluded?.id],
      `${finished?.id} is gone`,
    );
  });

  it('takes up due jobs by polling, and again when their handler asks for it', async () => {
    await store.jobs.add(job({ notBefore: start + 3 * second }));
    await worker.start();
    await timer.advance(2 * second);
    assert.equal(controlled.runs.length, 0);
    await timer.advance(second);
    assert.equal(controlled.runs.length, 1);
    controlled.runs[0]?.end({ kind: 'again', notBefore: start + minute });
    await timer.advance(56 * second);
    assert.equal(controlled.runs.length, 1);
    await timer.advance(second);
    assert.deepEqual(
      controlled.runs.map((run) => run.job.attempts),
      [1, 2],
    );
  });

  it('takes up a job whose holder has died, when its lease ends', async () => {
    await store.jobs.add(job({ lease: { owner: 'dead', until: start + 30 * second } }));
    await worker.start();
    await timer.advance(29 * second);
    assert.equal(controlled.runs.length, 0);
    await timer.advance(2 * second);
    assert.equal(controlled.runs.length, 1);
  });

  it('takes up at once what an earlier process of the same name held', async () => {
    await store.jobs.add(mine());
    await worker.start();
    await settled();
    assert.equal(controlled.runs.length, 1);
    assert.equal(controlled.runs[0]?.job.attempts, 2);
  });

  it('tries a job again that threw, later each time, and says so', async () => {
    await store.jobs.add(job());
    await worker.start();
    const begun: number[] = [];
    for (let attempt = 0; attempt < 5; attempt++) {
      while (controlled.runs.length <= attempt) await timer.advance(500);
      begun.push(clock.now());
      controlled.runs[attempt]?.end(new Error('out of order'));
      await settled();
    }
    const pauses = begun.slice(1).map((at, index) => at - (begun[index] ?? 0));
    for (const [index, pause] of pauses.entries()) {
      const step = second * 2 ** index;
      assert.ok(pause >= step / 2 && pause <= step + 2 * second, `pause ${index} was ${pause}`);
    }
    assert.equal(messages.filter((message) => message === 'a job failed').length, 5);
  });

  it('runs no more at a time than it may, the rest in turn', async () => {
    const jobs = await addAndNotify(7);
    assert.equal(controlled.runs.length, 3);
    for (let ended = 0; ended < 7; ended++) {
      controlled.runs[ended]?.end({ kind: 'finished' });
      await settled();
      assert.equal(controlled.runs.length, Math.min(7, 4 + ended));
    }
    assert.deepEqual(
      controlled.runs.map((run) => run.job.id),
      jobs.map(({ id }) => id),
    );
  });

  it('leaves what does not even fit into its queue to polling', async () => {
    await addAndNotify(8);
    for (let ended = 0; ended < 7; ended++) {
      controlled.runs[ended]?.end({ kind: 'finished' });
      await settled();
    }
    assert.equal(controlled.runs.length, 7);
    await worker.start();
    await timer.advance(minute);
    assert.equal(controlled.runs.length, 8);
  });

  it('does not run a job that waited so long that another node has it', async () => {
    await addAndNotify(4);
    clock.advance(2 * minute);
    await due(clock.now());
    controlled.runs[0]?.end({ kind: 'concluded' });
    await settled();
    assert.equal(controlled.runs.length, 3);
  });

  it('keeps the lease of a long job', async () => {
    await addAndNotify();
    await timer.advance(10 * minute);
    assert.equal(controlled.runs[0]?.signal.aborted, false);
    assert.equal((await due(clock.now())).length, 0);
  });

  it('aborts a job whose lease another node has got, and leaves the job alone', async () => {
    const [one] = await addAndNotify();
    await due(start + 2 * minute);
    await timer.advance(minute);
    assert.equal(controlled.runs[0]?.signal.aborted, true);
    controlled.runs[0]?.end({ kind: 'finished' });
    await settled();
    assert.equal(await store.jobs.finish(one?.id ?? '', 'other'), true);
  });

  it('goes on polling when the store fails for a while', async () => {
    let failing = true;
    worker = workerOn({
      ...store.jobs,
      lease: (...args) => (failing ? Promise.reject(new Error('no store')) : store.jobs.lease(...args)),
    });
    await store.jobs.add(job());
    await worker.start();
    await timer.advance(5 * second);
    const said = messages.filter((message) => message === 'due jobs could not be read');
    assert.equal(said.length, 1, 'an outage is said once, not with every poll');
    failing = false;
    await timer.advance(second);
    assert.equal(controlled.runs.length, 1);
  });

  it('stops: waits for what runs, gives back what waits, takes nothing new', async () => {
    await worker.start();
    const jobs = await addAndNotify(5);
    let stopped = false;
    const stopping = worker.stop(10 * second).then(() => {
      stopped = true;
    });
    await settled();
    worker.notify(mine());
    const waiting = await due(start);
    assert.deepEqual(
      waiting.map(({ id }) => id).sort(),
      jobs
        .slice(3)
        .map(({ id }) => id)
        .sort(),
    );
    assert.equal(stopped, false);
    for (const { end } of controlled.runs) end({ kind: 'finished' });
    await stopping;
    assert.equal(controlled.runs.length, 3);
    assert.equal(
      controlled.runs.some(({ signal }) => signal.aborted),
      false,
    );
  });

  it('stops: aborts what takes too long, and puts it off as its handler says', async () => {
    await addAndNotify();
    const stopping = worker.stop(10 * second);
    await timer.advance(10 * second);
    assert.equal(controlled.runs[0]?.signal.aborted, true);
    controlled.runs[0]?.end({ kind: 'again', notBefore: clock.now() });
    await stopping;
    assert.equal((await due(clock.now())).length, 1);
  });

  it('stops even when a job does not, and says so', async () => {
    await addAndNotify();
    const stopping = worker.stop(10 * second);
    await timer.advance(11 * second);
    await stopping;
    assert.ok(messages.includes('some jobs did not stop; they are taken up when their leases end'));
  });
});
