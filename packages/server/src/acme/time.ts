/**
 * Times as ACME writes them.
 * @spec RFC 3339 §5.6
 */
import type { Instant } from '@tegata/core/time/clock';

const pattern = /^(\d{4}-\d\d-\d\d)[Tt](\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?([Zz]|[+-]\d\d:\d\d)$/;

/** UTC with whole seconds. */
export function formatTime(instant: Instant): string {
  return `${new Date(instant).toISOString().slice(0, 19)}Z`;
}

/** The instant that an RFC 3339 date-time names; `undefined` for any other text, also for days that do not exist. */
export function parseTime(text: string): Instant | undefined {
  const match = pattern.exec(text);
  if (match === null) return undefined;
  const [, date, time, fraction = '', zone] = match;
  const milliseconds = fraction.padEnd(3, '0').slice(0, 3);
  const instant = Date.parse(`${date}T${time}.${milliseconds}${(zone as string).toUpperCase()}`);
  if (Number.isNaN(instant)) return undefined;
  // Date.parse moves 30 February into March; writing the date again tells.
  const day = Date.parse(`${date}T00:00:00Z`);
  return Number.isNaN(day) || formatTime(day).slice(0, 10) !== date ? undefined : instant;
}
