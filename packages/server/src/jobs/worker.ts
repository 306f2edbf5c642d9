/** Runs durable jobs: those this node has just stored, at once; those that are due or were abandoned, by polling. */
import type { Random } from '@tegata/core/random';
import type { Clock } from '@tegata/core/time/clock';
import { minute, second } from '@tegata/core/time/duration';
import type { JobHandler } from '../ports/job-handler.ts';
import type { Log } from '../ports/log.ts';
import type { Job, JobKind, JobStore, NewJob } from '../ports/stores/jobs.ts';
import type { Timer } from '../ports/timer.ts';
import { runJob } from './job-run.ts';
import { createRetryDelay } from './retry-delay.ts';
import { createSlots, type Slots } from './slots.ts';

export interface WorkerDeps {
  readonly jobs: JobStore;
  /** What to do for each kind; kinds without a handler are left to other nodes. */
  readonly handlers: Readonly<Partial<Record<JobKind, JobHandler>>>;
  readonly clock: Clock;
  readonly timer: Timer;
  readonly random: Random;
  readonly log: Log;
  /** Name of this node in leases; no two live processes may share one. */
  readonly owner: string;
}

export interface WorkerLimits {
  /** Jobs that run at the same time. */
  readonly concurrency: number;
  /** Jobs of this node that may wait for a place; more are left to polling, after their lease. */
  readonly waiting: number;
  readonly pollMilliseconds: number;
  readonly leaseMilliseconds: number;
}

export interface Worker {
  /**
   * Frees what an earlier process of the same name held, then begins to poll. Await it before anything is stored with a lease.
   * Rejects when the store does.
   */
  start(): Promise<void>;
  /** Runs a stored job that this node has leased from birth, without another write. Ignored for other jobs. */
  notify(job: NewJob): void;
  /**
   * Takes nothing new, waits up to `milliseconds` for what runs, then aborts it and waits a second more.
   * Jobs that never began are given back.
   */
  stop(milliseconds: number): Promise<void>;
}

const defaults: WorkerLimits = {
  concurrency: 32,
  waiting: 10_000,
  pollMilliseconds: second,
  leaseMilliseconds: minute,
};
const afterAbortMilliseconds = second;

export function createWorker(deps: WorkerDeps, limits: WorkerLimits = defaults): Worker {
  const { jobs, clock, log, owner } = deps;
  const abort = new AbortController();
  const stopping = new AbortController();
  const slots = createSlots(createRun(deps, limits, abort.signal), limits.concurrency, limits.waiting);
  let polling: Promise<void> = Promise.resolve();

  return {
    async start() {
      const freed = await jobs.reclaim(owner, clock.now());
      if (freed > 0) log.info({ jobs: freed }, 'took up jobs that an earlier process had begun');
      polling = poll(deps, limits, slots, stopping.signal);
    },
    notify(job) {
      if (job.lease?.owner === owner) slots.submit({ ...job, lease: job.lease, attempts: 1 });
    },
    async stop(milliseconds) {
      stopping.abort();
      const waiting = slots.close();
      await Promise.all([polling, giveBack(deps, waiting)]);
      if (await settles(slots, deps.timer, milliseconds)) return;
      abort.abort();
      if (await settles(slots, deps.timer, afterAbortMilliseconds)) return;
      log.warn({}, 'some jobs did not stop; they are taken up when their leases end');
    },
  };
}

/** What a place does with a job: makes sure that it is still ours, as it may have waited longer than its lease, and runs it. */
function createRun(deps: WorkerDeps, limits: WorkerLimits, stop: AbortSignal): (job: Job) => Promise<void> {
  const { clock, jobs, log, owner } = deps;
  const { leaseMilliseconds } = limits;
  const run = { ...deps, leaseMilliseconds, retryDelay: createRetryDelay(deps.random) };
  return async (job) => {
    const handler = deps.handlers[job.kind];
    if (handler === undefined) return;
    try {
      const now = clock.now();
      const held = now < job.lease.until || (await jobs.extend(job.id, owner, now + leaseMilliseconds));
      if (held) await runJob(run, job, handler, stop);
    } catch (error) {
      log.warn({ job: job.id, err: error }, 'the lease of a waiting job could not be extended');
    }
  };
}

/** Takes due jobs for the free places, at once again while there are more than fit. */
async function poll(deps: WorkerDeps, limits: WorkerLimits, slots: Slots<Job>, stop: AbortSignal): Promise<void> {
  const kinds = Object.keys(deps.handlers) as JobKind[];
  const outage = { said: false };
  while (!stop.aborted) {
    await slots.available();
    const free = slots.free();
    const due = stop.aborted ? [] : await leaseDue(deps, limits, kinds, free, outage);
    await giveBack(
      deps,
      due.filter((job) => !slots.submit(job)),
    );
    if (due.length < free) await deps.timer.sleep(limits.pollMilliseconds, stop);
  }
}

async function leaseDue(
  { clock, jobs, log, owner }: WorkerDeps,
  { leaseMilliseconds }: WorkerLimits,
  kinds: readonly JobKind[],
  limit: number,
  outage: { said: boolean },
): Promise<readonly Job[]> {
  try {
    const now = clock.now();
    const due = await jobs.lease(kinds, owner, now, now + leaseMilliseconds, limit);
    outage.said = false;
    return due;
  } catch (error) {
    // Once per outage: polling goes on every second.
    if (!outage.said) log.warn({ err: error }, 'due jobs could not be read');
    outage.said = true;
    return [];
  }
}

/** Jobs whose turn never came become due at once, so that the next process does not wait for the end of their lease. */
async function giveBack({ clock, jobs, log, owner }: WorkerDeps, waiting: readonly Job[]): Promise<void> {
  const results = await Promise.allSettled(waiting.map((job) => jobs.retry(job.id, owner, clock.now())));
  const failed = results.filter(({ status }) => status === 'rejected').length;
  if (failed > 0)
    log.warn({ jobs: failed }, 'waiting jobs could not be given back; they are due when their leases end');
}

/** Whether everything has ended within so many milliseconds. */
async function settles(slots: Slots<Job>, timer: Timer, milliseconds: number): Promise<boolean> {
  const done = new AbortController();
  const settled = slots.settled().then(() => true);
  const result = await Promise.race([settled, timer.sleep(milliseconds, done.signal).then(() => false)]);
  done.abort();
  return result;
}
