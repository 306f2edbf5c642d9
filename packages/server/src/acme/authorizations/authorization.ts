/**
 * Authorization and challenge objects as clients see them.
 * @spec RFC 8555 §7.1.4
 * @spec RFC 8555 §7.1.5
 */
import type { JsonObject } from '@tegata/core/codec/json';
import type { AuthorizationRecord, ChallengeRecord } from '../../ports/stores/orders.ts';
import { formatTime } from '../time.ts';
import type { AcmeUrls } from '../urls.ts';

export function renderAuthorization(authorization: AuthorizationRecord, urls: AcmeUrls): JsonObject {
  const { identifier, status } = authorization;
  return {
    identifier: { type: identifier.type, value: identifier.value },
    status,
    expires: formatTime(authorization.expiresAt),
    challenges: shownChallenges(authorization).map((challenge) => renderChallenge(challenge, authorization.id, urls)),
    wildcard: authorization.wildcard ? true : undefined,
  };
}

export function renderChallenge(challenge: ChallengeRecord, authorizationId: string, urls: AcmeUrls): JsonObject {
  return {
    ...challenge.fields,
    type: challenge.type,
    url: urls.challenge(authorizationId, challenge.id),
    status: challenge.status,
    token: challenge.token,
    validated: challenge.validatedAt === undefined ? undefined : formatTime(challenge.validatedAt),
    error: challenge.error,
  };
}

/** While there is a choice all challenges; afterwards the one that decided. */
function shownChallenges({ status, challenges }: AuthorizationRecord): readonly ChallengeRecord[] {
  if (status === 'pending') return challenges;
  const decided = challenges.filter((challenge) => challenge.status === 'valid' || challenge.status === 'invalid');
  return decided.length > 0 ? decided : challenges;
}
