/** One run of one job: its handler, the lease kept meanwhile, and what becomes of the job afterwards. */
import type { Clock } from '@tegata/core/time/clock';
import type { JobHandler, JobOutcome } from '../ports/job-handler.ts';
import type { Log } from '../ports/log.ts';
import type { Job, JobStore } from '../ports/stores/jobs.ts';
import type { Timer } from '../ports/timer.ts';

export interface JobRunDeps {
  readonly jobs: JobStore;
  readonly clock: Clock;
  readonly timer: Timer;
  readonly log: Log;
  readonly owner: string;
  /** How long a lease lasts that this node takes or extends. */
  readonly leaseMilliseconds: number;
  /** Milliseconds to wait after this many failed attempts. */
  readonly retryDelay: (attempts: number) => number;
}

/**
 * Runs the job to an outcome and records it. Never rejects: a store that fails leaves the job to the end of its lease.
 * @param stop aborted when the process stops; the handler sees it, and also when the lease is lost
 */
export async function runJob(deps: JobRunDeps, job: Job, handler: JobHandler, stop: AbortSignal): Promise<void> {
  const lost = new AbortController();
  const ended = new AbortController();
  const keeping = keepLease(deps, job, lost, ended.signal);
  try {
    const outcome = await attempt(deps, job, handler, AbortSignal.any([stop, lost.signal]));
    ended.abort('ended');
    if (!lost.signal.aborted) await conclude(deps, job, outcome);
  } catch (error) {
    deps.log.warn({ job: job.id, kind: job.kind, err: error }, 'the outcome of a job could not be stored');
  } finally {
    ended.abort('ended');
    await keeping;
  }
}

/** A handler that throws is tried again later, and later each time. */
async function attempt(deps: JobRunDeps, job: Job, handler: JobHandler, signal: AbortSignal): Promise<JobOutcome> {
  try {
    return await handler(job, signal);
  } catch (error) {
    deps.log.error({ job: job.id, kind: job.kind, attempts: job.attempts, err: error }, 'a job failed');
    return { kind: 'again', notBefore: deps.clock.now() + deps.retryDelay(job.attempts) };
  }
}

async function conclude(deps: JobRunDeps, job: Job, outcome: JobOutcome): Promise<void> {
  if (outcome.kind === 'finished') await deps.jobs.finish(job.id, deps.owner);
  if (outcome.kind === 'again') await deps.jobs.retry(job.id, deps.owner, outcome.notBefore);
}

/** Extends the lease when half of what is left has passed; aborts `lost` when another node has taken the job. */
async function keepLease(deps: JobRunDeps, job: Job, lost: AbortController, ended: AbortSignal): Promise<void> {
  let until = job.lease.until;
  while (!ended.aborted) {
    await deps.timer.sleep(Math.max(1000, (until - deps.clock.now()) / 2), ended);
    if (ended.aborted) return;
    try {
      until = deps.clock.now() + deps.leaseMilliseconds;
      if (!(await deps.jobs.extend(job.id, deps.owner, until))) {
        // Removed by the handler's own unit, or taken over: only the second leaves anything to abort.
        lost.abort();
        return;
      }
    } catch (error) {
      deps.log.warn({ job: job.id, err: error }, 'the lease of a job could not be extended');
    }
  }
}
