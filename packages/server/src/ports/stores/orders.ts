/** ACME orders, authorizations and challenges (RFC 8555 sections 7.1.3 to 7.1.6), each move one compare-and-set. */
import type { JsonObject } from '@tegata/core/codec/json';
import type { Instant } from '@tegata/core/time/clock';
import type { NewJob } from './jobs.ts';
import type { Page, PageRequest } from './page.ts';

export interface AcmeIdentifier {
  readonly type: string;
  /** Canonical form. */
  readonly value: string;
}

export type OrderStatus = 'pending' | 'ready' | 'processing' | 'valid' | 'invalid';
export type AuthorizationStatus = 'pending' | 'valid' | 'invalid' | 'deactivated' | 'expired' | 'revoked';
export type ChallengeStatus = 'pending' | 'processing' | 'valid' | 'invalid';

/** A problem document (RFC 9457) as stored and shown. */
export type StoredProblem = JsonObject;

export interface OrderRecord {
  readonly id: string;
  readonly accountId: string;
  readonly status: OrderStatus;
  readonly identifiers: readonly AcmeIdentifier[];
  /** Ids, in the order of `identifiers`. */
  readonly authorizations: readonly string[];
  readonly profile: string;
  readonly notBefore?: Instant;
  readonly notAfter?: Instant;
  readonly expiresAt: Instant;
  readonly createdAt: Instant;
  readonly error?: StoredProblem;
  /** Certificate id, once valid. */
  readonly certificate?: string;
}

export interface ChallengeRecord {
  readonly id: string;
  readonly type: string;
  readonly status: ChallengeStatus;
  readonly token: string;
  readonly validatedAt?: Instant;
  readonly error?: StoredProblem;
  /** Members of this type only. */
  readonly fields: JsonObject;
}

export interface AuthorizationRecord {
  readonly id: string;
  readonly accountId: string;
  readonly identifier: AcmeIdentifier;
  readonly wildcard: boolean;
  readonly status: AuthorizationStatus;
  readonly expiresAt: Instant;
  readonly createdAt: Instant;
  readonly challenges: readonly ChallengeRecord[];
}

export interface ValidationOutcomeRecord {
  readonly authorizationId: string;
  readonly challengeId: string;
  readonly at: Instant;
  /** Absent when the challenge was met. */
  readonly error?: StoredProblem;
  /** Until when a valid authorization may be used. */
  readonly authorizationExpiresAt: Instant;
  /** The job that did it, removed in the same unit. */
  readonly jobId: string;
}

export interface OrderStore {
  /** Stores the order with its new authorizations (those reused are only named by the order). */
  create(order: OrderRecord, authorizations: readonly AuthorizationRecord[]): Promise<void>;
  /** The order; one whose `expiresAt` has passed while pending or ready reads as invalid. */
  load(id: string, now: Instant): Promise<OrderRecord | undefined>;
  loadWithAuthorizations(
    id: string,
    now: Instant,
  ): Promise<{ readonly order: OrderRecord; readonly authorizations: readonly AuthorizationRecord[] } | undefined>;
  /** Ids of the account's orders, newest first, without invalid ones. */
  listByAccount(accountId: string, page: PageRequest): Promise<Page<string>>;
  loadAuthorization(id: string, now: Instant): Promise<AuthorizationRecord | undefined>;
  /** Valid, unexpired authorizations of this account for any of these identifiers (wildcard flag included). */
  findValidAuthorizations(
    accountId: string,
    identifiers: readonly (AcmeIdentifier & { readonly wildcard: boolean })[],
    validUntil: Instant,
  ): Promise<readonly AuthorizationRecord[]>;
  /** Challenge pending → processing and the `validate` job, one unit. `unchanged` when it was not pending any more. */
  beginValidation(
    authorizationId: string,
    challengeId: string,
    now: Instant,
    job: NewJob,
  ): Promise<'begun' | 'unchanged'>;
  /** Moves challenge, authorization and every order that waits for it (→ ready or invalid), one unit. */
  recordValidation(outcome: ValidationOutcomeRecord): Promise<'recorded' | 'unchanged'>;
  /** Pending or valid → deactivated; orders that still need it become invalid. */
  deactivateAuthorization(id: string, now: Instant): Promise<AuthorizationRecord | undefined>;
  /** Order ready → processing with the CSR and the `issue` job, one unit. Of two callers one gets `begun`. */
  beginProcessing(id: string, csr: Uint8Array, now: Instant, job: NewJob): Promise<'begun' | 'unchanged'>;
  /** The CSR given to `beginProcessing`. */
  loadRequest(id: string): Promise<Uint8Array | undefined>;
  /** Processing → invalid with a problem; removes the job. */
  failProcessing(id: string, problem: StoredProblem, jobId: string): Promise<'failed' | 'unchanged'>;
  /** Orders in `processing` that no job serves: for the sweep after a crash. */
  findStranded(limit: number): Promise<readonly string[]>;
}
