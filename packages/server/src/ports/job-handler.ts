/** What a kind of job does when its turn comes; the worker leases, calls, and acts on the outcome. */
import type { Instant } from '@tegata/core/time/clock';
import type { Job } from './stores/jobs.ts';

export type JobOutcome =
  /** A unit of the store that recorded the result has removed the job already: there is nothing left to write. */
  | { readonly kind: 'concluded' }
  /** Nothing more to do: the worker removes the job. */
  | { readonly kind: 'finished' }
  /** To be tried again, not before this time. */
  | { readonly kind: 'again'; readonly notBefore: Instant };

/**
 * Does the job once; may be called again for the same job after a crash or a lost lease. `signal` is aborted when the process
 * stops: return `again` soon then. A rejection is a defect or a failing store: the worker logs it and tries again later.
 */
export type JobHandler = (job: Job, signal: AbortSignal) => Promise<JobOutcome>;
