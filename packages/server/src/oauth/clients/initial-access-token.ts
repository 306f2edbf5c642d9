/**
 * Initial access tokens: each lets its holder register one client.
 * @spec RFC 7591 §3
 */
import { createHandle, digestHandle, formatHandle, type Handle, parseHandle } from '@tegata/core/id';
import type { Random } from '@tegata/core/random';
import type { Instant } from '@tegata/core/time/clock';
import type { OneTimeStore } from '../../ports/stores/one-time.ts';

/** Makes a token that is good for one registration until it expires, `lifetime` milliseconds from now. */
export async function issueInitialAccessToken(
  store: OneTimeStore,
  random: Random,
  now: Instant,
  lifetime: number,
): Promise<string> {
  const handle = createHandle(now, random);
  await store.put('initial_access_token', digestHandle(handle), {}, now, now + lifetime);
  return formatHandle(handle);
}

/** The handle that `text` stands for, while it may still be used. */
export async function peekInitialAccessToken(
  store: OneTimeStore,
  text: string,
  now: Instant,
): Promise<Handle | undefined> {
  const handle = parseHandle(text);
  const value = handle === undefined ? undefined : await store.peek('initial_access_token', digestHandle(handle), now);
  return value === undefined ? undefined : handle;
}

/** Uses the token up; of any number of callers one succeeds. */
export async function spendInitialAccessToken(store: OneTimeStore, handle: Handle, now: Instant): Promise<boolean> {
  const spent = await store.spend('initial_access_token', digestHandle(handle), now);
  return spent.outcome === 'first';
}
