/** Notices a clock that was set back: certificates, tokens and revocations would lie. */
import type { Instant } from '@tegata/core/time/clock';
import { minute } from '@tegata/core/time/duration';

/** Clocks of nodes that share a store may differ by this much. */
const tolerance = 5 * minute;

/**
 * Compares the clock with the newest thing that the store remembers.
 * @returns what to tell the operator; `undefined` when the clock can be right
 */
export function describeClockFault(now: Instant, newest: Instant): string | undefined {
  if (newest <= now + tolerance) return undefined;
  const clock = new Date(now).toISOString();
  const seen = new Date(newest).toISOString();
  return `The clock says ${clock}, but this store was in use at ${seen}: set the clock of this machine (for example with NTP) and start again. Nothing was changed.`;
}
