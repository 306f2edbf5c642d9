/**
 * One validation from end to end: the challenge, then CAA.
 * @spec RFC 8555 §7.1.6
 * @spec RFC 8555 §8
 * @spec RFC 8555 §8.2
 */
import { ok, type Result } from '@tegata/core/result';
import type { Instant } from '@tegata/core/time/clock';
import { hour, minute } from '@tegata/core/time/duration';
import type { Probes } from '../../ports/probes.ts';
import type { AuthorizationRecord, ChallengeRecord } from '../../ports/stores/orders.ts';
import type { Timer } from '../../ports/timer.ts';
import type { ValidationFault } from '../challenges/challenge-type.ts';
import type { ChallengeRegistry } from '../challenges/registry.ts';
import { keyAuthorization } from '../jws/key-authorization.ts';
import type { AcmeUrls } from '../urls.ts';
import { type CaaPolicy, checkCaa } from './caa.ts';
import { type RetryPolicy, withRetries } from './retry.ts';

export interface ValidatorDeps {
  readonly challenges: ChallengeRegistry;
  readonly probes: Probes;
  readonly timer: Timer;
  readonly urls: AcmeUrls;
  readonly caa: CaaPolicy;
  readonly retry: RetryPolicy;
  /** Takes every challenge for met and asks nobody: for tests and measurements only. */
  readonly alwaysValid: boolean;
}

export interface Validator {
  /**
   * Whether the account has proved control of the identifier by this challenge and CAA lets us issue.
   * @param thumbprint of the key that the account had when it responded
   */
  validate(
    authorization: AuthorizationRecord,
    challenge: ChallengeRecord,
    thumbprint: string,
    signal: AbortSignal,
  ): Promise<Result<void, ValidationFault>>;
  /** Whether CAA still lets us issue, where the answer given at validation is too old to rely on. */
  recheckCaa(
    authorizations: readonly AuthorizationRecord[],
    now: Instant,
    signal: AbortSignal,
  ): Promise<Result<void, ValidationFault>>;
}

/** Answers of CAA are relied on for 8 hours; a little less, so that they are still good when the certificate is signed. */
const caaLifetime = 8 * hour - 10 * minute;

export function createValidator(deps: ValidatorDeps): Validator {
  const { alwaysValid, challenges, probes, retry, timer, urls } = deps;

  const caa = (authorization: AuthorizationRecord, method: string, signal: AbortSignal) =>
    checkCaa(
      {
        name: authorization.identifier.value,
        wildcard: authorization.wildcard,
        accountUrl: urls.account(authorization.accountId),
        method,
      },
      deps.caa,
      probes,
      signal,
    );

  return {
    async validate(authorization, challenge, thumbprint, signal) {
      if (alwaysValid) return ok();
      const type = challenges.find(challenge.type);
      if (type === undefined) throw new Error(`challenge type ${challenge.type} is not mounted`);
      const task = {
        identifier: authorization.identifier.value,
        token: challenge.token,
        keyAuthorization: keyAuthorization(challenge.token, thumbprint),
      };
      const met = await withRetries((tried) => type.validate(task, probes, tried), retry, timer, signal);
      if (!met.ok) return met;
      return withRetries((tried) => caa(authorization, challenge.type, tried), retry, timer, signal);
    },
    async recheckCaa(authorizations, now, signal) {
      if (alwaysValid) return ok();
      for (const authorization of authorizations) {
        const met = authorization.challenges.find((challenge) => challenge.status === 'valid');
        if (met === undefined || now - (met.validatedAt ?? 0) < caaLifetime) continue;
        const allowed = await withRetries((tried) => caa(authorization, met.type, tried), retry, timer, signal);
        if (!allowed.ok) return allowed;
      }
      return ok();
    },
  };
}
