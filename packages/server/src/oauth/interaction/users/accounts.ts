/** New accounts: what they need, and what can be wrong with them. */
import { timeOrderedId } from '@tegata/core/id';
import type { Random } from '@tegata/core/random';
import { fail, ok, type Result } from '@tegata/core/result';
import type { Instant } from '@tegata/core/time/clock';
import type { UserRecord, UserStore } from '../../../ports/stores/users.ts';
import type { Busy, PasswordHasher } from './password-hash.ts';
import { type PasswordFault, passwordFault } from './password-rules.ts';

export interface NewAccount {
  readonly username: string;
  /** Name for display. */
  readonly name?: string | undefined;
  readonly email?: string | undefined;
  readonly password: string;
  readonly administrator: boolean;
}

export type AccountField = 'username' | 'name' | 'email' | 'password';

export interface AccountFault {
  readonly field: AccountField;
  readonly code:
    | PasswordFault
    | 'username_missing'
    | 'username_malformed'
    | 'username_taken'
    | 'name_malformed'
    | 'email_malformed';
}

export interface AccountTools {
  readonly now: Instant;
  readonly random: Random;
  readonly passwords: PasswordHasher;
}

const longestName = 128;
/** Control characters, line ends and invisible formatting, apart from the joiners that some scripts need. */
const unfit = /[\p{Cc}\p{Zl}\p{Zp}\p{Cs}]|(?![\u200c\u200d])\p{Cf}/u;
const emailPattern = /^[^\s@]{1,64}@[^\s@.]+(?:\.[^\s@.]+)*$/;

/** Everything that is wrong with the account, all at once, apart from a name that is taken. */
function checkAccount(account: NewAccount): readonly AccountFault[] {
  const { username, name, email, password } = account;
  const faults: AccountFault[] = [];
  if (username === '') faults.push({ field: 'username', code: 'username_missing' });
  else if (!isShowable(username) || username.trim() !== username)
    faults.push({ field: 'username', code: 'username_malformed' });
  if (name !== undefined && !isShowable(name)) faults.push({ field: 'name', code: 'name_malformed' });
  if (email !== undefined && (!isShowable(email) || !emailPattern.test(email))) {
    faults.push({ field: 'email', code: 'email_malformed' });
  }
  const fault = passwordFault(password, username);
  if (fault !== undefined) faults.push({ field: 'password', code: fault });
  return faults;
}

function isShowable(text: string): boolean {
  return text.length <= longestName && text.trim() !== '' && !unfit.test(text);
}

/** The record of a new user, not stored yet. The failure lists what is wrong, or says that too many passwords are being hashed now. */
export async function prepareUser(
  account: NewAccount,
  { now, random, passwords }: AccountTools,
): Promise<Result<UserRecord, readonly AccountFault[] | Busy>> {
  const faults = checkAccount(account);
  if (faults.length > 0) return fail(faults);
  const hash = await passwords.hash(account.password);
  if (!hash.ok) return hash;
  const { username, name, email, administrator } = account;
  return ok({
    subject: `usr_${timeOrderedId(now, random)}`,
    username,
    ...(name === undefined ? {} : { name }),
    ...(email === undefined ? {} : { email }),
    emailVerified: false,
    administrator,
    passwordHash: hash.value,
    createdAt: now,
    updatedAt: now,
    disabled: false,
  });
}

/** Adds a user, or says what is wrong, a name that is taken included. */
export async function addUser(
  users: UserStore,
  account: NewAccount,
  tools: AccountTools,
): Promise<Result<UserRecord, readonly AccountFault[] | Busy>> {
  const user = await prepareUser(account, tools);
  return user.ok ? storeUser(users, user.value) : user;
}

/** Stores a prepared user. */
export async function storeUser(
  users: UserStore,
  user: UserRecord,
): Promise<Result<UserRecord, readonly AccountFault[]>> {
  const added = await users.add(user);
  return added === 'added' ? ok(user) : fail([{ field: 'username', code: 'username_taken' }]);
}
