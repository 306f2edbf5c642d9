/** The one-time link that makes the first user, who becomes the administrator. */
import { createHandle, digestHandle, formatHandle, parseHandle } from '@tegata/core/id';
import type { Random } from '@tegata/core/random';
import { fail, type Result } from '@tegata/core/result';
import type { Instant } from '@tegata/core/time/clock';
import { day } from '@tegata/core/time/duration';
import type { OneTimeStore } from '../../../ports/stores/one-time.ts';
import type { UserRecord, UserStore } from '../../../ports/stores/users.ts';
import { type AccountFault, type AccountTools, type NewAccount, prepareUser, storeUser } from './accounts.ts';
import type { Busy } from './password-hash.ts';

const linkLifetime = day;

export interface SetupStores {
  readonly users: UserStore;
  readonly oneTime: OneTimeStore;
}

/**
 * A new set-up link, which ends all older ones; `undefined` once there is a user. To be called at every start.
 * @returns an address below the issuer, valid for a day
 */
export async function createSetupLink(
  { users, oneTime }: SetupStores,
  issuer: string,
  now: Instant,
  random: Random,
): Promise<string | undefined> {
  if (await users.any()) return undefined;
  await oneTime.revokeAll('setup_link', now);
  const handle = createHandle(now, random);
  await oneTime.put('setup_link', digestHandle(handle), {}, now, now + linkLifetime);
  return `${issuer.replace(/\/$/, '')}/setup?token=${formatHandle(handle)}`;
}

/** Whether the token of a link could be spent now; looking does not spend it. */
export async function isSetupToken(oneTime: OneTimeStore, token: string, now: Instant): Promise<boolean> {
  const handle = parseHandle(token);
  return handle !== undefined && (await oneTime.peek('setup_link', digestHandle(handle), now)) !== undefined;
}

/** The link is spent, expired or unknown, or somebody else was first. */
export type SetupRefused = 'setup_refused';

/** Spends the link and adds the first user as administrator. A faulty account does not cost the link. */
export async function createFirstUser(
  { users, oneTime }: SetupStores,
  token: string,
  account: Omit<NewAccount, 'administrator'>,
  tools: AccountTools,
): Promise<Result<UserRecord, readonly AccountFault[] | Busy | SetupRefused>> {
  const handle = parseHandle(token);
  if (handle === undefined || !(await isSetupToken(oneTime, token, tools.now))) return fail('setup_refused');
  const user = await prepareUser({ ...account, administrator: true }, tools);
  if (!user.ok) return user;
  if (await users.any()) return fail('setup_refused');
  const spent = await oneTime.spend('setup_link', digestHandle(handle), tools.now);
  return spent.outcome === 'first' ? storeUser(users, user.value) : fail('setup_refused');
}
