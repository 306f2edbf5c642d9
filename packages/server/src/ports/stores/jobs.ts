/** Durable work: leased, retried, never lost. Jobs are inserted by the unit that makes them due. */
import type { JsonObject } from '@tegata/core/codec/json';
import type { Instant } from '@tegata/core/time/clock';

export type JobKind = 'validate' | 'issue' | 'publish-crl';

export interface NewJob {
  readonly id: string;
  readonly kind: JobKind;
  /** One live job per kind and key: a second insert of the same key does nothing. */
  readonly key: string;
  readonly payload: JsonObject;
  readonly notBefore: Instant;
  /** Leased from birth, so that the node that made it starts at once without another write. */
  readonly lease?: Lease;
}

export interface Lease {
  /** The node that holds the job. */
  readonly owner: string;
  readonly until: Instant;
}

export interface Job extends NewJob {
  readonly attempts: number;
  readonly lease: Lease;
}

export interface JobStore {
  add(job: NewJob): Promise<'added' | 'exists'>;
  /** Takes up to `limit` due jobs that nobody holds; increments their attempts. */
  lease(kinds: readonly JobKind[], owner: string, now: Instant, until: Instant, limit: number): Promise<readonly Job[]>;
  extend(id: string, owner: string, until: Instant): Promise<boolean>;
  /** Removes a finished job; false when the lease was lost. */
  finish(id: string, owner: string): Promise<boolean>;
  /** Gives the job back to run again at `notBefore`. */
  retry(id: string, owner: string, notBefore: Instant): Promise<boolean>;
  /** Ends every lease of `owner`: for a node that starts again under its old name. How many jobs became due. */
  reclaim(owner: string, now: Instant): Promise<number>;
}
