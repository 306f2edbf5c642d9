/** Runs something again that lost against others, after a short pause of random length. */
import type { Random } from '@tegata/core/random';

export interface RetryDeps {
  readonly random: Random;
  readonly wait: (milliseconds: number) => Promise<void>;
}

/** Runs after the first one. */
const mostRetries = 5;
const firstPause = 4;

/** Calls `attempt` until it succeeds, fails for good by `mayRetry`, or has been tried six times. */
export async function withRetries<T>(
  deps: RetryDeps,
  attempt: () => Promise<T>,
  mayRetry: (error: unknown) => boolean,
): Promise<T> {
  for (let retries = 0; ; retries++) {
    try {
      return await attempt();
    } catch (error) {
      if (retries === mostRetries || !mayRetry(error)) throw error;
      await deps.wait(pause(deps.random, retries));
    }
  }
}

/** Between nothing and a bound that doubles: 4 ms, 8 ms, … 64 ms. */
function pause(random: Random, retries: number): number {
  const [byte = 0] = random.bytes(1);
  return (firstPause * 2 ** retries * byte) / 255;
}
