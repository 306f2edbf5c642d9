/** Another try for what merely did not get through, a bounded number of times. */
import type { Result } from '@tegata/core/result';
import type { Timer } from '../../ports/timer.ts';
import type { ValidationFault } from '../challenges/challenge-type.ts';

export interface RetryPolicy {
  /** Milliseconds before the second try, the third and so on. */
  readonly delays: readonly number[];
  /** Milliseconds that one try may take. */
  readonly tryTimeout: number;
}

export const defaultRetryPolicy: RetryPolicy = { delays: [500, 2000], tryTimeout: 12_000 };

/** Runs `attempt` until it succeeds, fails for good, or has used up its tries; stops trying once `signal` is aborted. */
export async function withRetries<T>(
  attempt: (signal: AbortSignal) => Promise<Result<T, ValidationFault>>,
  policy: RetryPolicy,
  timer: Timer,
  signal: AbortSignal,
): Promise<Result<T, ValidationFault>> {
  for (let tried = 0; ; tried++) {
    const result = await attempt(AbortSignal.any([signal, AbortSignal.timeout(policy.tryTimeout)]));
    const delay = policy.delays[tried];
    if (result.ok || !result.error.transient || delay === undefined || signal.aborted) return result;
    await timer.sleep(delay, signal);
  }
}
