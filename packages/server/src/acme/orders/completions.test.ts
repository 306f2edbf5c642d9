import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Timer } from '../../ports/timer.ts';
import { createCompletions } from './completions.ts';

/** Sleeps end only when told to, or with their signal. */
function manualTimer(): Timer & { readonly fire: () => void; readonly sleeping: () => number } {
  const sleeping = new Set<() => void>();
  return {
    fire: () => {
      for (const wake of sleeping) wake();
    },
    sleeping: () => sleeping.size,
    sleep: (_milliseconds, signal) =>
      new Promise((resolve) => {
        const wake = (): void => {
          sleeping.delete(wake);
          resolve();
        };
        sleeping.add(wake);
        signal?.addEventListener('abort', wake);
      }),
  };
}

describe('completions', () => {
  const never = new AbortController().signal;

  it('wakes everybody who waits for the key, and nobody else', async () => {
    const timer = manualTimer();
    const completions = createCompletions(timer);
    let other = false;
    const waits = [completions.wait('a', 1000, never), completions.wait('a', 1000, never)];
    void completions.wait('b', 1000, never).then(() => {
      other = true;
    });
    completions.announce('a');
    await Promise.all(waits);
    assert.equal(other, false);
    assert.equal(timer.sleeping(), 1);
  });

  it('ends when the time is up, when the client goes, and at once when it has gone', async () => {
    const timer = manualTimer();
    const completions = createCompletions(timer);
    const timed = completions.wait('a', 1000, never);
    timer.fire();
    await timed;
    const controller = new AbortController();
    const left = completions.wait('a', 1000, controller.signal);
    controller.abort();
    await left;
    await completions.wait('a', 1000, controller.signal);
    assert.equal(timer.sleeping(), 0);
  });
});
