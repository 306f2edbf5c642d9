/**
 * Signing in with user name and password.
 * @spec RFC 8176 §2
 * @spec NIST SP 800-63B §3.1.1
 */
import { fail, ok, type Result } from '@tegata/core/result';
import type { Instant } from '@tegata/core/time/clock';
import type { UserRecord, UserStore } from '../../../ports/stores/users.ts';
import type { Busy, PasswordHasher } from './password-hash.ts';
import { admitAttempt, recordFailedAttempt, recordSuccess, type ThrottleKeys, throttleKeys } from './throttle.ts';

/** RFC 8176 values of this way of signing in. */
export const passwordMethods: readonly string[] = ['pwd'];

export interface Attempt {
  readonly username: string;
  readonly password: string;
  /** Where it comes from. */
  readonly address: string;
}

export interface AuthenticationTools {
  readonly users: UserStore;
  readonly passwords: PasswordHasher;
  readonly throttleSecret: Uint8Array;
  readonly now: Instant;
}

/** Why nobody was signed in. What is wrong with name and password is never told apart. */
export type Refusal =
  | { readonly reason: 'wrong' }
  | { readonly reason: 'throttled'; readonly retryAt: Instant }
  | { readonly reason: Busy };

const longestPassword = 4096;
const longestUsername = 256;

/** The user, or why not. Unknown, disabled and known users take the same time. */
export async function authenticate(attempt: Attempt, tools: AuthenticationTools): Promise<Result<UserRecord, Refusal>> {
  const { users, passwords, now } = tools;
  const { username, password, address } = attempt;
  const keys = throttleKeys(tools.throttleSecret, username, address);
  const admission = await admitAttempt(users, keys, now);
  if (!admission.admitted) return fail({ reason: 'throttled', retryAt: admission.retryAt });
  const user = canBeUsername(username) ? await users.findByUsername(username) : undefined;
  const usable = user !== undefined && !user.disabled && password.length <= longestPassword ? user : undefined;
  const verified = await passwords.verify(password.slice(0, longestPassword), usable?.passwordHash);
  if (!verified.ok) return fail({ reason: verified.error });
  if (usable === undefined || !verified.value.matches) return refuse(users, keys, now);
  await recordSuccess(users, keys);
  return ok(verified.value.outdated ? await rehash(usable, password, tools) : usable);
}

/** Whether a user of this name may exist; other texts, such as those with a NUL, never reach the store. */
function canBeUsername(username: string): boolean {
  return username.length <= longestUsername && !/\p{Cc}/u.test(username);
}

async function refuse(users: UserStore, keys: ThrottleKeys, now: Instant): Promise<Result<never, Refusal>> {
  await recordFailedAttempt(users, keys, now);
  return fail({ reason: 'wrong' });
}

/** Replaces a hash of older cost; if somebody changes the user meanwhile, the next sign-in does it. */
async function rehash(user: UserRecord, password: string, tools: AuthenticationTools): Promise<UserRecord> {
  const hash = await tools.passwords.hash(password);
  if (!hash.ok) return user;
  const updatedAt = Math.max(tools.now, user.updatedAt + 1);
  const renewed: UserRecord = { ...user, passwordHash: hash.value, updatedAt };
  const outcome = await tools.users.replace(renewed, user.updatedAt);
  return outcome === 'replaced' ? renewed : user;
}
