/** Owner of everything that runs: what was started is stopped in reverse order, once, each part within its time. */
import type { Log } from '../ports/log.ts';
import type { Timer } from '../ports/timer.ts';

export interface Lifecycle {
  /** Registers how to stop a part that has just been started. */
  onStop(name: string, stop: () => void | Promise<void>): void;
  /** Whether `stop` has been called. */
  readonly stopping: () => boolean;
  /** Stops every part, the youngest first; a part that fails or takes too long is logged and left behind. */
  stop(): Promise<void>;
}

const longestStop = 10_000;

export function createLifecycle(log: Log, timer: Timer): Lifecycle {
  const parts: { readonly name: string; readonly stop: () => void | Promise<void> }[] = [];
  let stopped: Promise<void> | undefined;

  const stopPart = async ({ name, stop }: (typeof parts)[number]): Promise<void> => {
    const late = timer.sleep(longestStop).then(() => 'late' as const);
    try {
      const outcome = await Promise.race([Promise.resolve(stop()).then(() => 'done' as const), late]);
      if (outcome === 'late') log.warn({ part: name }, 'A part of the server took too long to stop.');
    } catch (error) {
      log.error({ part: name, err: error }, 'A part of the server did not stop cleanly.');
    }
  };

  const stopAll = async (): Promise<void> => {
    for (const part of parts.reverse()) await stopPart(part);
  };

  return {
    onStop: (name, stop) => void parts.push({ name, stop }),
    stopping: () => stopped !== undefined,
    stop: () => {
      stopped ??= stopAll();
      return stopped;
    },
  };
}
