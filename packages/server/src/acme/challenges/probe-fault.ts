/**
 * What a failed contact with the outside means for a validation.
 * @spec RFC 8555 §6.7
 */
import { type Failure, fail } from '@tegata/core/result';
import type { ProbeFault } from '../../ports/probes.ts';
import { acmeProblem, type ProblemType } from '../problems.ts';
import type { ValidationFault } from './challenge-type.ts';

const typeOfFault: Readonly<Record<ProbeFault['kind'], ProblemType>> = {
  dns: 'dns',
  connection: 'connection',
  tls: 'tls',
  address_refused: 'connection',
};

/** The other side was not reached; worth another try unless its address is one that is never contacted. */
export function unreached(fault: ProbeFault): Failure<ValidationFault> {
  const problem = acmeProblem(typeOfFault[fault.kind], fault.detail);
  return fail({ problem, transient: fault.kind !== 'address_refused' });
}

/** The other side answered, and the answer is wrong. */
export function incorrect(detail: string): Failure<ValidationFault> {
  return fail({ problem: acmeProblem('incorrectResponse', detail), transient: false });
}
