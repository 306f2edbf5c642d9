/** Carries audit events to the store behind the back of requests: bounded, in batches, in order. */
import type { AuditEvent, AuditSink } from '../ports/audit.ts';
import type { Log } from '../ports/log.ts';
import type { Metrics } from '../ports/metrics.ts';
import type { AuditStore } from '../ports/stores/audit.ts';
import type { Timer } from '../ports/timer.ts';

export interface AuditTrailDeps {
  readonly store: Pick<AuditStore, 'append'>;
  readonly metrics: Pick<Metrics, 'count'>;
  readonly log: Log;
  readonly timer: Timer;
  /** Most events that wait; what comes beyond is dropped and counted. */
  readonly capacity?: number;
}

export interface AuditTrail extends AuditSink {
  /** Writes what waits, gives up at the first failure, and takes no more events. */
  close(): Promise<void>;
}

const largestBatch = 500;
const gatheringPause = 50;
const pauseAfterFailure = 1_000;

/** Opens the trail. Events lost (queue full, store failing at the end) are counted in `tegata_audit_dropped_total`. */
export function createAuditTrail({ store, metrics, log, timer, capacity = 10_000 }: AuditTrailDeps): AuditTrail {
  const queue: AuditEvent[] = [];
  const closing = new AbortController();
  let running: Promise<void> | undefined;
  let failing = false;

  const writeBatch = async (): Promise<boolean> => {
    const batch = queue.slice(0, largestBatch);
    try {
      await store.append(batch);
    } catch (error) {
      if (!failing) log.error({ err: error, waiting: queue.length }, 'Audit events cannot be stored; they wait.');
      failing = true;
      return false;
    }
    queue.splice(0, batch.length);
    failing = false;
    return true;
  };

  const drain = async (): Promise<void> => {
    // A moment, so that the events of many requests share a write: nobody waits for it.
    await timer.sleep(gatheringPause, closing.signal);
    while (queue.length > 0) {
      if (await writeBatch()) continue;
      if (closing.signal.aborted) break;
      await timer.sleep(pauseAfterFailure, closing.signal);
    }
    running = undefined;
  };

  return {
    record(event) {
      if (queue.length >= capacity || closing.signal.aborted) {
        metrics.count('audit_dropped');
        return;
      }
      queue.push(event);
      running ??= drain();
    },
    async close() {
      closing.abort();
      await running;
      for (const _ of queue) metrics.count('audit_dropped');
      if (queue.length > 0) log.error({ events: queue.length }, 'Audit events were lost: the store did not take them.');
      queue.length = 0;
    },
  };
}
