/**
 * Slows down guessing: the more failures, the longer the wait, by user name and by address.
 * @spec NIST SP 800-63B §3.2.2
 */
import { encodeHex } from '@tegata/core/codec/hex';
import { hmacSha256 } from '@tegata/core/crypto';
import type { Instant } from '@tegata/core/time/clock';
import { minute, second } from '@tegata/core/time/duration';
import type { UserStore } from '../../../ports/stores/users.ts';

/** Wait after the n-th failure in a row for one user name; the last one stays. */
const usernameDelays: readonly number[] = [0, 0, 0, 0, 5, 15, 30, 60, 120, 300, 600, 900].map(
  (seconds) => seconds * second,
);
/** Failures from one address that cost nothing: many people may share it. */
const freeFromAddress = 50;
/** Wait after each further failure from one address. */
const addressDelays: readonly number[] = [...new Array<number>(freeFromAddress + 1).fill(0), 2 * second, 5 * second];

export interface ThrottleKeys {
  readonly username: string;
  readonly address: string;
}

/** Whether an attempt may be made now; if not, when. */
export type Admission = { readonly admitted: true } | { readonly admitted: false; readonly retryAt: Instant };

/** Keys under which attempts are counted: digests, so that the table names nobody. */
export function throttleKeys(secret: Uint8Array, username: string, address: string): ThrottleKeys {
  const digest = (text: string): string => encodeHex(hmacSha256(secret, text)).slice(0, 40);
  const folded = username.normalize('NFKC').toUpperCase().toLowerCase().normalize('NFKC');
  return { username: digest(`username ${folded}`), address: digest(`address ${network(address)}`) };
}

/** An IPv6 host moves freely within its /64, so that is what counts. */
function network(address: string): string {
  if (!address.includes(':') || address.includes('.')) return address;
  const [head = '', tail] = address.toLowerCase().split('::', 2);
  const left = head === '' ? [] : head.split(':');
  const right = tail === undefined || tail === '' ? [] : tail.split(':');
  const missing = tail === undefined ? 0 : Math.max(0, 8 - left.length - right.length);
  return [...left, ...new Array<string>(missing).fill('0'), ...right].slice(0, 4).join(':');
}

/**
 * Counts the attempt before the password is looked at, as a failure until proven otherwise: of many attempts at one moment only as
 * many get through as there are free ones.
 */
export async function admitAttempt(users: UserStore, keys: ThrottleKeys, now: Instant): Promise<Admission> {
  const [byName, byAddress] = await Promise.all([
    users.throttle(keys.username, now),
    users.throttle(keys.address, now),
  ]);
  const blockedUntil = Math.max(byName.blockedUntil, byAddress.blockedUntil);
  if (blockedUntil > now) return { admitted: false, retryAt: blockedUntil };
  const counted = await users.recordFailure(keys.username, now, usernameDelays);
  const overtaken = counted.failures > byName.failures + 1 && delayAfter(counted.failures - 1) > 0;
  return overtaken ? { admitted: false, retryAt: counted.blockedUntil } : { admitted: true };
}

function delayAfter(failures: number): number {
  return usernameDelays[Math.min(failures, usernameDelays.length - 1)] ?? 0;
}

/** The attempt has failed: the address counts it too. */
export async function recordFailedAttempt(users: UserStore, keys: ThrottleKeys, now: Instant): Promise<void> {
  await users.recordFailure(keys.address, now, addressDelays);
}

/** The attempt has succeeded: the name starts afresh. The address does not, or an attacker's own account would reset it. */
export async function recordSuccess(users: UserStore, keys: ThrottleKeys): Promise<void> {
  await users.clearFailures(keys.username);
}

/** Time until `retryAt`, at least a second; for the page and the Retry-After header. */
export function waitFor(retryAt: Instant, now: Instant): number {
  return Math.min(15 * minute, Math.max(second, retryAt - now));
}
