/** Time as a value that is passed in, so that tests and restarts decide what "now" means. */

/** Milliseconds since the Unix epoch. Seconds exist only at the wire. */
export type Instant = number;

export interface Clock {
  now(): Instant;
}

export const systemClock: Clock = { now: () => Date.now() };

/** Seconds since the epoch, rounded down, as JWT NumericDate uses them (RFC 7519 section 2). */
export function toNumericDate(instant: Instant): number {
  return Math.floor(instant / 1000);
}

export interface ManualClock extends Clock {
  advance(milliseconds: number): void;
  set(instant: Instant): void;
}

/** A clock that moves only when told to. */
export function manualClock(start: Instant): ManualClock {
  let current = start;
  return {
    now: () => current,
    advance: (milliseconds) => {
      current += milliseconds;
    },
    set: (instant) => {
      current = instant;
    },
  };
}
