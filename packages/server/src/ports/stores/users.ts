/** People who sign in, and how often somebody has tried to be one of them. */
import type { Instant } from '@tegata/core/time/clock';

export interface UserRecord {
  /** Starts with `usr_`, so that no client id can equal it (RFC 9700 section 4.15). */
  readonly subject: string;
  /** As the user typed it; unique by its Unicode NFKC case-folded form. */
  readonly username: string;
  readonly name?: string;
  readonly email?: string;
  readonly emailVerified: boolean;
  readonly locale?: string;
  readonly administrator: boolean;
  /** PHC string, `$argon2id$…`. */
  readonly passwordHash?: string;
  readonly createdAt: Instant;
  readonly updatedAt: Instant;
  readonly disabled: boolean;
}

export interface ThrottleState {
  readonly failures: number;
  readonly blockedUntil: Instant;
}

export interface UserStore {
  add(user: UserRecord): Promise<'added' | 'exists'>;
  load(subject: string): Promise<UserRecord | undefined>;
  findByUsername(username: string): Promise<UserRecord | undefined>;
  /** Replaces the record when its stored `updatedAt` equals `previous`. */
  replace(user: UserRecord, previous: Instant): Promise<'replaced' | 'conflict' | 'unknown'>;
  /** Whether any user exists. */
  any(): Promise<boolean>;

  /** State of a throttle key (a digest of the username or of the address). */
  throttle(key: string, now: Instant): Promise<ThrottleState>;
  /**
   * Counts one failure atomically; after the n-th in a row blocks until `now + delays[min(n, last)]` milliseconds.
   * A day after the last block all are forgotten.
   */
  recordFailure(key: string, now: Instant, delays: readonly number[]): Promise<ThrottleState>;
  clearFailures(key: string): Promise<void>;
}
