/**
 * What one challenge type has to say: for which identifiers it serves, and how the proof is looked at.
 * @spec RFC 8555 §8
 */
import type { Result } from '@tegata/core/result';
import type { Probes } from '../../ports/probes.ts';
import type { AcmeProblem } from '../problems.ts';

/** Everything that a validation depends on, fixed when the client responded. */
export interface ValidationTask {
  /** Canonical value of the authorization, without `*.`. */
  readonly identifier: string;
  readonly token: string;
  /** Token and thumbprint of the key that the account had when it responded. */
  readonly keyAuthorization: string;
}

export interface ValidationFault {
  readonly problem: AcmeProblem;
  /** Whether another try in a moment could end otherwise: nothing was found wrong, the other side just was not reached. */
  readonly transient: boolean;
}

export interface ChallengeType {
  /** The registered value, e.g. `http-01`. */
  readonly type: string;
  /** Identifier types that it can validate. */
  readonly identifiers: readonly string[];
  /** Whether it proves control of a whole domain, as wildcards need. */
  readonly wildcard: boolean;
  /** Looks at the proof once. Must return soon after `signal` is aborted. */
  validate(task: ValidationTask, probes: Probes, signal: AbortSignal): Promise<Result<void, ValidationFault>>;
}
