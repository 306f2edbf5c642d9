/** How long a failed job waits: twice as long each time up to a bound, and never quite the same for two jobs. */
import type { Random } from '@tegata/core/random';
import { minute, second } from '@tegata/core/time/duration';

const first = second;
const longest = 10 * minute;

/** @returns milliseconds after so many attempts, between half of the step and all of it */
export function createRetryDelay(random: Random): (attempts: number) => number {
  return (attempts) => {
    const step = Math.min(longest, first * 2 ** Math.max(0, attempts - 1));
    const [byte = 0] = random.bytes(1);
    return Math.round(step * (0.5 + byte / 510));
  };
}
