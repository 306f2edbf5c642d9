/** Lets a few tasks run at a time; the others wait their turn, or leave when they have waited too long. */

export interface Gate {
  /** Runs `task` when there is room; what `left` returns when `signal` is aborted before the task is done. */
  pass<T>(signal: AbortSignal, task: () => Promise<T>, left: () => T): Promise<T>;
}

export function createGate(room: number): Gate {
  let running = 0;
  const queue: (() => void)[] = [];

  const leave = (): void => {
    running -= 1;
    queue.shift()?.();
  };

  return {
    pass(signal, task, left) {
      return new Promise((resolve, reject) => {
        const start = (): void => {
          running += 1;
          task().then(resolve, reject).finally(leave);
        };
        const giveUp = (): void => {
          const place = queue.indexOf(start);
          if (place >= 0) queue.splice(place, 1);
          resolve(left());
        };
        signal.addEventListener('abort', giveUp, { once: true });
        if (signal.aborted) giveUp();
        else if (running < room) start();
        else queue.push(start);
      });
    },
  };
}
