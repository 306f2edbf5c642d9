/** Lets a request wait a moment for work that another part of this process does. */
import type { Timer } from '../../ports/timer.ts';

export interface Completions {
  /** Resolves when `announce` is called with this key, after `milliseconds`, or when `signal` is aborted. */
  wait(key: string, milliseconds: number, signal: AbortSignal): Promise<void>;
  announce(key: string): void;
}

export function createCompletions(timer: Timer): Completions {
  const waiting = new Map<string, Set<() => void>>();

  const forget = (key: string, waiter: () => void): void => {
    const waiters = waiting.get(key);
    waiters?.delete(waiter);
    if (waiters?.size === 0) waiting.delete(key);
  };

  return {
    wait(key, milliseconds, signal) {
      return new Promise((resolve) => {
        const controller = new AbortController();
        const finish = (): void => {
          forget(key, finish);
          signal.removeEventListener('abort', finish);
          // Given a reason, no exception with a stack is made for it.
          controller.abort('settled');
          resolve();
        };
        const waiters = waiting.get(key) ?? new Set();
        waiting.set(key, waiters.add(finish));
        signal.addEventListener('abort', finish);
        if (signal.aborted) finish();
        else void timer.sleep(milliseconds, controller.signal).then(finish);
      });
    },
    announce(key) {
      for (const waiter of waiting.get(key) ?? []) waiter();
    },
  };
}
