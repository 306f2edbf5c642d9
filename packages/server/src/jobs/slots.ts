/** A bounded number of things at a time, with a bounded queue before them. */

export interface Slots<T> {
  /** Places that are neither taken nor spoken for. */
  free(): number;
  /** Resolves as soon as a place is free, or nothing will start any more. */
  available(): Promise<void>;
  /** Runs it now or when a place is free; `false` when the queue is full too. */
  submit(item: T): boolean;
  /** Starts nothing more and hands out what was still waiting. */
  close(): readonly T[];
  /** Resolves when nothing runs. */
  settled(): Promise<unknown>;
}

/** @param run must not reject */
export function createSlots<T>(run: (item: T) => Promise<void>, places: number, longestQueue: number): Slots<T> {
  const running = new Set<Promise<void>>();
  let queue: T[] = [];
  let closed = false;
  const waiters: (() => void)[] = [];

  const free = (): number => Math.max(0, places - running.size - queue.length);

  function wakeAll(): void {
    for (const wake of waiters.splice(0)) wake();
  }

  function begin(item: T): void {
    const done = run(item).then(() => {
      running.delete(done);
      const next = queue.shift();
      if (next !== undefined) begin(next);
      if (free() > 0) wakeAll();
    });
    running.add(done);
  }

  return {
    free,
    available: () => (closed || free() > 0 ? Promise.resolve() : new Promise((resolve) => waiters.push(resolve))),
    submit(item) {
      if (closed || (running.size >= places && queue.length >= longestQueue)) return false;
      if (running.size < places) begin(item);
      else queue.push(item);
      return true;
    },
    close() {
      closed = true;
      const waiting = queue;
      queue = [];
      wakeAll();
      return waiting;
    },
    settled: () => Promise.all(running),
  };
}
