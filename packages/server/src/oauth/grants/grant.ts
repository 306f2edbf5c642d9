/**
 * What a grant is: the part of a token request that differs by `grant_type`. The token endpoint does everything else.
 * @spec RFC 6749 §3.2
 */
import type { FormParameters } from '@tegata/core/http/forms';
import type { Random } from '@tegata/core/random';
import type { Result } from '@tegata/core/result';
import type { Instant } from '@tegata/core/time/clock';
import type { AuditSink } from '../../ports/audit.ts';
import type { KeyRing } from '../../ports/key-ring.ts';
import type { FamilyId, NewToken, TokenStore } from '../../ports/stores/tokens.ts';
import type { UserStore } from '../../ports/stores/users.ts';
import type { Client } from '../clients/client.ts';
import type { OAuthError } from '../errors.ts';
import type { OAuthLifetimes } from '../lifetimes.ts';
import type { AuthenticationFacts } from '../tokens/authorization-detail.ts';
import type { RevocationList } from '../tokens/revocation-list.ts';

/** A token request whose shared part has been checked: client authenticated and allowed this grant, scope and resources readable. */
export interface TokenRequest {
  readonly requestId: string;
  readonly client: Client;
  readonly form: FormParameters;
  /** As requested; `undefined` when the request names none. */
  readonly scopes: readonly string[] | undefined;
  /** As requested, and allowed to the client; empty when the request names none. */
  readonly resources: readonly string[];
  readonly now: Instant;
}

export interface GrantContext {
  readonly tokens: TokenStore;
  readonly users: UserStore;
  readonly revocations: RevocationList;
  readonly keyRing: KeyRing;
  readonly random: Random;
  readonly lifetimes: OAuthLifetimes;
  readonly audit: AuditSink;
}

/** What happened in the store when the grant was used. */
export interface Committed {
  readonly refreshToken?: string;
}

/** What the client gets. */
export interface Authorization {
  readonly subject: string;
  readonly scopes: readonly string[];
  /** Explicit restriction of the access token; empty for the client's default audience. */
  readonly resources: readonly string[];
  /** Family of the tokens; only grants of users have one. */
  readonly family?: FamilyId;
  /** Present when a user authorised: the basis of ID tokens. */
  readonly authentication?: AuthenticationFacts;
  /** `nonce` for the ID token. */
  readonly nonce?: string;
  /**
   * Uses the grant up and stores the tokens that come of it, together with `access` where the access token is opaque: one unit.
   * A grant that leaves no trace has none.
   */
  commit?(access: NewToken | undefined): Promise<Result<Committed, OAuthError>>;
}

export interface Grant {
  /** The registered `grant_type`. */
  readonly grantType: string;
  readonly spec: string;
  /** Whether only clients that authenticate may use it. */
  readonly confidentialOnly: boolean;
  /** Decides, without changing anything yet. */
  authorize(
    request: TokenRequest,
    context: GrantContext,
  ): Result<Authorization, OAuthError> | Promise<Result<Authorization, OAuthError>>;
}
