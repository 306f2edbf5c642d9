/** Waiting on the system's clock; what waits never keeps the process alive. */
import type { Timer } from '../ports/timer.ts';

export const systemTimer: Timer = {
  sleep: (milliseconds, signal) =>
    new Promise((resolve) => {
      if (signal?.aborted === true) {
        resolve();
        return;
      }
      const finish = (): void => {
        clearTimeout(timeout);
        signal?.removeEventListener('abort', finish);
        resolve();
      };
      const timeout = setTimeout(finish, milliseconds);
      timeout.unref();
      signal?.addEventListener('abort', finish, { once: true });
    }),
};
