/** Makes one disk flush serve every unit that waits: each in its own savepoint, one COMMIT for all. */
import { sql, type UnitBody } from '../unit.ts';
import type { Connection } from './connection.ts';
import { isBusy } from './sqlite-error.ts';

export interface GroupCommitLimits {
  /** Units of one flush. */
  readonly units: number;
  /** Work of one flush, so that the event loop keeps turning. */
  readonly milliseconds: number;
  /** How long a flush waits altogether for another process's lock before its units fail. */
  readonly lockMilliseconds: number;
}

export interface GroupCommit {
  /** Queues the unit for the next flush; resolves when it is durable. */
  write<T>(body: () => UnitBody<T>): Promise<T>;
  /** Resolves when nothing waits any more. */
  drain(): Promise<void>;
}

interface Waiting {
  readonly body: () => UnitBody<unknown>;
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: unknown) => void;
}

type Outcome = { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly error: unknown };

const begin = sql('BEGIN IMMEDIATE');
const commit = sql('COMMIT');
const savepoint = sql('SAVEPOINT unit');
const release = sql('RELEASE unit');
const rollbackUnit = sql('ROLLBACK TO unit');
const rollback = sql('ROLLBACK');
const lockPollMilliseconds = 5;

/** Drives a unit on a connection without ever giving way. */
export function drive<T>(connection: Connection, body: UnitBody<T>): T {
  let step = body.next();
  while (step.done !== true) step = body.next(connection.all(step.value));
  return step.value;
}

/** @param translate turns an error of the engine into what the waiting callers get */
export function createGroupCommit(
  connection: Connection,
  limits: GroupCommitLimits,
  translate: (error: unknown) => unknown,
): GroupCommit {
  let queue: Waiting[] = [];
  let scheduled = false;
  let lockedSince: number | undefined;
  const idle: (() => void)[] = [];

  function schedule(): void {
    if (scheduled) return;
    scheduled = true;
    setImmediate(flush);
  }

  function flush(): void {
    scheduled = false;
    try {
      connection.all(begin);
      lockedSince = undefined;
    } catch (error) {
      if (isBusy(error) && mayWait()) {
        scheduled = true;
        setTimeout(flush, lockPollMilliseconds);
        return;
      }
      rejectAll(queue.splice(0), translate(error));
      settled();
      return;
    }
    const batch = queue;
    queue = [];
    const taken = runBatch(connection, batch, limits, translate);
    if (taken < batch.length) queue = batch.slice(taken);
    settled();
  }

  function settled(): void {
    if (queue.length > 0) schedule();
    else for (const resolve of idle.splice(0)) resolve();
  }

  function mayWait(): boolean {
    lockedSince ??= performance.now();
    if (performance.now() - lockedSince < limits.lockMilliseconds) return true;
    lockedSince = undefined;
    return false;
  }

  return {
    write<T>(body: () => UnitBody<T>) {
      return new Promise<T>((resolve, reject) => {
        queue.push({ body, resolve: resolve as (value: unknown) => void, reject });
        schedule();
      });
    },
    drain() {
      if (queue.length === 0) return Promise.resolve();
      return new Promise((resolve) => idle.push(resolve));
    },
  };
}

/** Runs units of an open transaction, commits, and only then tells their callers; how many it took from the front. */
function runBatch(
  connection: Connection,
  batch: readonly Waiting[],
  limits: GroupCommitLimits,
  translate: (error: unknown) => unknown,
): number {
  const outcomes: Outcome[] = [];
  try {
    const until = performance.now() + limits.milliseconds;
    for (const { body } of batch) {
      outcomes.push(runInSavepoint(connection, body));
      if (outcomes.length >= limits.units || performance.now() >= until) break;
    }
    connection.all(commit);
  } catch (error) {
    // The transaction is gone (full disk, failing device): nobody was told anything yet, so everybody hears of it.
    abandon(connection);
    const taken = Math.min(outcomes.length + 1, batch.length);
    rejectAll(batch.slice(0, taken), translate(error));
    return taken;
  }
  outcomes.forEach((outcome, at) => {
    if (outcome.ok) batch[at]?.resolve(outcome.value);
    else batch[at]?.reject(translate(outcome.error));
  });
  return outcomes.length;
}

/** A unit that fails is rolled back alone. @throws when the failure has ended the whole transaction */
function runInSavepoint(connection: Connection, body: () => UnitBody<unknown>): Outcome {
  connection.all(savepoint);
  try {
    const value = drive(connection, body());
    connection.all(release);
    return { ok: true, value };
  } catch (error) {
    if (!connection.inTransaction()) throw error;
    connection.all(rollbackUnit);
    connection.all(release);
    return { ok: false, error };
  }
}

function abandon(connection: Connection): void {
  try {
    if (connection.inTransaction()) connection.all(rollback);
  } catch {
    // The next BEGIN says why the connection cannot be used.
  }
}

function rejectAll(waiting: readonly Waiting[], error: unknown): void {
  for (const { reject } of waiting) reject(error);
}
