/** Authorization codes, refresh tokens and opaque access tokens: single use and families, decided by one conditional write each. */
import type { HandleDigest } from '@tegata/core/id';
import type { Instant } from '@tegata/core/time/clock';

/** All tokens that descend from one authorization. Revoking it ends them all; JWT access tokens name it in their `jti`. */
export type FamilyId = string;

/** What was authorised; JSON-compatible, opaque to the store apart from its indexable members. */
export interface TokenValue {
  readonly clientId: string;
  readonly subject: string;
  readonly scopes: readonly string[];
  readonly resources: readonly string[];
  /** Protocol details the grants need later: redirect_uri, code_challenge, nonce, auth_time, acr, amr, sid, … */
  readonly detail: Readonly<Record<string, string | number | boolean | readonly string[] | undefined>>;
}

export interface StoredToken {
  readonly id: string;
  readonly family: FamilyId;
  readonly value: TokenValue;
  readonly createdAt: Instant;
  readonly expiresAt: Instant;
  /** When it was used up; only single-use kinds have it. */
  readonly spentAt?: Instant;
  /** Handle id of the refresh token that replaced this one. */
  readonly successor?: string;
  /** Whether the family has been revoked. */
  readonly revoked: boolean;
}

export interface NewToken {
  readonly handle: HandleDigest;
  readonly family: FamilyId;
  readonly value: TokenValue;
  readonly createdAt: Instant;
  readonly expiresAt: Instant;
}

export type Redeemed =
  | { readonly outcome: 'first' }
  /** Seen before: the family has been revoked in the same unit. */
  | { readonly outcome: 'reused'; readonly family: FamilyId }
  /** No such code, or expired. */
  | { readonly outcome: 'unknown' };

export type Rotated =
  | { readonly outcome: 'rotated' }
  /** Spent within the grace period and its successor is still unused: the same successor may be handed out again. */
  | { readonly outcome: 'repeated'; readonly successor: string; readonly family: FamilyId }
  /** Spent before and not covered by the grace period: the family has been revoked in the same unit. */
  | { readonly outcome: 'reused'; readonly family: FamilyId }
  /** No such token, expired, or of a revoked family. */
  | { readonly outcome: 'unknown' };

export interface TokenStore {
  putCode(code: NewToken): Promise<void>;
  /** The code whatever its state, so that reuse can be seen; `undefined` when unknown or expired. */
  peekCode(handle: HandleDigest, now: Instant): Promise<StoredToken | undefined>;
  /** Spends the code and, in the same unit, stores the tokens it is exchanged for. */
  redeemCode(
    handle: HandleDigest,
    tokens: { readonly refresh?: NewToken; readonly access?: NewToken },
    now: Instant,
  ): Promise<Redeemed>;

  peekRefresh(handle: HandleDigest, now: Instant): Promise<StoredToken | undefined>;
  /** Marks the old token spent and inserts its successor (and an opaque access token) in one unit. */
  rotateRefresh(
    handle: HandleDigest,
    tokens: { readonly refresh: NewToken; readonly access?: NewToken },
    now: Instant,
    graceMilliseconds: number,
  ): Promise<Rotated>;

  putAccess(token: NewToken): Promise<void>;
  /** A live opaque access token: not expired, not revoked, its family neither. */
  loadAccess(handle: HandleDigest, now: Instant): Promise<StoredToken | undefined>;
  /** Ends one opaque access token. */
  revokeAccess(handle: HandleDigest, now: Instant): Promise<boolean>;

  /** Ends every token of the family; also recorded for `RevocationStore.since`, until `expiresAt`. */
  revokeFamily(family: FamilyId, now: Instant, expiresAt: Instant): Promise<void>;
  /** Ends every family of the subject (password change, sign-out everywhere). */
  revokeSubject(subject: string, now: Instant, expiresAt: Instant): Promise<number>;
}
