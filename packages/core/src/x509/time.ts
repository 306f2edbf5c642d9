/**
 * Time in certificates and CRLs: UTCTime through 2049, GeneralizedTime from 2050, always in whole seconds of Zulu time.
 * @spec RFC 5280 §4.1.2.5
 */
import type { DerReader } from '../codec/der-reader.ts';
import { tag } from '../codec/der-tag.ts';
import type { DerWriter } from '../codec/der-writer.ts';
import type { Instant } from '../time/clock.ts';

const firstYear = 1950;
const lastUtcYear = 2049;

/**
 * Writes the second that `instant` falls in.
 * @throws for a year before 1950 or after 9999, which no certificate can carry
 */
export function writeTime(writer: DerWriter, instant: Instant): void {
  const date = new Date(instant);
  const year = date.getUTCFullYear();
  if (!(year >= firstYear && year <= 9999)) throw new RangeError(`no certificate can carry the time ${instant}`);
  const short = year <= lastUtcYear;
  const digits = new Uint8Array(short ? 13 : 15);
  if (!short) pair(digits, 0, Math.floor(year / 100));
  const at = short ? 0 : 2;
  pair(digits, at, year % 100);
  pair(digits, at + 2, date.getUTCMonth() + 1);
  pair(digits, at + 4, date.getUTCDate());
  pair(digits, at + 6, date.getUTCHours());
  pair(digits, at + 8, date.getUTCMinutes());
  pair(digits, at + 10, date.getUTCSeconds());
  digits[at + 12] = 0x5a;
  writer.primitive(short ? tag.utcTime : tag.generalizedTime, digits);
}

/** Reads either form; 0 after a mistake. */
export function readTime(reader: DerReader): Instant {
  const short = reader.next(tag.utcTime);
  const text = reader.ascii(short ? tag.utcTime : tag.generalizedTime);
  const instant = short ? utcTime(text) : generalizedTime(text);
  if (Number.isNaN(instant)) reader.refuse('malformed', 'time is not in the form that RFC 5280 demands');
  return Number.isNaN(instant) ? 0 : instant;
}

function utcTime(text: string): Instant {
  const year = number(text, 0);
  return text.length === 13 ? compose(year < 50 ? 2000 + year : 1900 + year, text, 2) : Number.NaN;
}

function generalizedTime(text: string): Instant {
  const year = number(text, 0) * 100 + number(text, 2);
  return text.length === 15 && year > lastUtcYear ? compose(year, text, 4) : Number.NaN;
}

function compose(year: number, text: string, at: number): Instant {
  const month = number(text, at);
  const day = number(text, at + 2);
  const hour = number(text, at + 4);
  const minute = number(text, at + 6);
  const second = number(text, at + 8);
  const inRange = month >= 1 && month <= 12 && day >= 1 && hour <= 23 && minute <= 59 && second <= 59;
  if (!inRange || text[at + 10] !== 'Z') return Number.NaN;
  const instant = Date.UTC(year, month - 1, day, hour, minute, second);
  // A day that the month does not have would have moved into the next one.
  return new Date(instant).getUTCDate() === day ? instant : Number.NaN;
}

/** The two digits at `at`; NaN when they are not digits. */
function number(text: string, at: number): number {
  const tens = text.charCodeAt(at) - 0x30;
  const units = text.charCodeAt(at + 1) - 0x30;
  return tens >= 0 && tens <= 9 && units >= 0 && units <= 9 ? tens * 10 + units : Number.NaN;
}

function pair(digits: Uint8Array, at: number, value: number): void {
  digits[at] = 0x30 + Math.floor(value / 10);
  digits[at + 1] = 0x30 + (value % 10);
}
