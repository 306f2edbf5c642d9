/** Work that is done again and again in the background: never twice at once, and a failure is only logged. */
import type { Log } from '../ports/log.ts';
import type { Timer } from '../ports/timer.ts';

export interface Chore {
  readonly name: string;
  /** Milliseconds between the end of one run and the start of the next. */
  readonly every: number;
  readonly work: () => Promise<unknown>;
}

/**
 * Starts the chores; the first run of each comes after its interval.
 * @returns stops them and resolves when none is running any more
 */
export function startChores(chores: readonly Chore[], log: Log, timer: Timer): () => Promise<void> {
  const stopping = new AbortController();
  const repeat = async ({ name, every, work }: Chore): Promise<void> => {
    for (let failing = false; ; ) {
      await timer.sleep(every, stopping.signal);
      if (stopping.signal.aborted) return;
      try {
        await work();
        failing = false;
      } catch (error) {
        // Said once per outage: a store that is down would fill the log otherwise.
        if (!failing) log.error({ chore: name, err: error }, 'Background work failed; it will be tried again.');
        failing = true;
      }
    }
  };
  const running = chores.map(repeat);
  return async () => {
    stopping.abort();
    await Promise.all(running);
  };
}
