/** The short list of revoked things that live JWTs are checked against, kept in memory and polled. */
import type { Instant } from '@tegata/core/time/clock';

/** `jti`: one token; `family`: all of an authorization; `client`: every token of a removed client. */
export type RevocationKind = 'jti' | 'family' | 'client';

export interface Revocation {
  readonly kind: RevocationKind;
  readonly value: string;
  readonly revokedAt: Instant;
  /** When the last token it can concern has expired. */
  readonly expiresAt: Instant;
}

export interface RevocationStore {
  add(revocation: Revocation): Promise<void>;
  /** Live revocations recorded at or after `since`; a poller overlaps its polls by more than the longest clock skew. */
  since(since: Instant, now: Instant): Promise<readonly Revocation[]>;
}
