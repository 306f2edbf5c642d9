/**
 * The job that looks at a challenge and records what it found.
 * @spec RFC 8555 §7.1.6
 * @spec RFC 8555 §8.2
 */
import type { Clock } from '@tegata/core/time/clock';
import type { AuditSink } from '../../ports/audit.ts';
import type { JobHandler, JobOutcome } from '../../ports/job-handler.ts';
import type { Metrics } from '../../ports/metrics.ts';
import type { ChallengeRecord, OrderStore } from '../../ports/stores/orders.ts';
import type { Completions } from '../orders/completions.ts';
import { type AcmeProblem, problemDocument } from '../problems.ts';
import type { Validator } from '../validation/validate.ts';
import { readValidateJob } from './payloads.ts';

export interface ValidateHandlerDeps {
  readonly orders: OrderStore;
  readonly validator: Validator;
  /** Told of every challenge that was looked at. */
  readonly completions: Completions;
  readonly clock: Clock;
  readonly audit: AuditSink;
  readonly metrics: Metrics;
  /** How long a proof may be used, in milliseconds. */
  readonly validAuthorization: number;
}

export function createValidateHandler(deps: ValidateHandlerDeps): JobHandler {
  const { audit, clock, completions, metrics, orders, validator } = deps;

  const record = async (
    job: { readonly id: string },
    accountId: string,
    authorizationId: string,
    challenge: ChallengeRecord,
    problem: AcmeProblem | undefined,
  ): Promise<JobOutcome> => {
    const at = clock.now();
    const recorded = await orders.recordValidation({
      authorizationId,
      challengeId: challenge.id,
      at,
      authorizationExpiresAt: at + deps.validAuthorization,
      jobId: job.id,
      ...(problem === undefined ? {} : { error: problemDocument(problem) }),
    });
    if (recorded === 'unchanged') return { kind: 'finished' };
    const outcome = problem === undefined ? 'valid' : problem.type;
    metrics.count('acme_validations', { challenge: challenge.type, outcome });
    audit.record({
      at,
      event: problem === undefined ? 'acme_challenge.met' : 'acme_challenge.failed',
      account: accountId,
      detail: { authorization: authorizationId, challenge: challenge.type, outcome },
    });
    return { kind: 'concluded' };
  };

  const validate: JobHandler = async (job, signal) => {
    const { authorizationId, challengeId, thumbprint } = readValidateJob(job.payload);
    const authorization = await orders.loadAuthorization(authorizationId, clock.now());
    const challenge = authorization?.challenges.find((candidate) => candidate.id === challengeId);
    // Another node may have done it, or the authorization was given up or has expired meanwhile.
    if (authorization?.status !== 'pending' || challenge?.status !== 'processing') return { kind: 'finished' };
    const met = await validator.validate(authorization, challenge, thumbprint, signal);
    // What failed because we are stopping says nothing about the client.
    if (!met.ok && signal.aborted) return { kind: 'again', notBefore: clock.now() };
    return record(job, authorization.accountId, authorizationId, challenge, met.ok ? undefined : met.error.problem);
  };

  return async (job, signal) => {
    try {
      return await validate(job, signal);
    } finally {
      completions.announce(readValidateJob(job.payload).challengeId);
    }
  };
}
