/**
 * Takes the client's word that a challenge is ready to be looked at.
 * @spec RFC 8555 §7.5.1
 */
import { timeOrderedId } from '@tegata/core/id';
import { ok } from '@tegata/core/result';
import type { Instant } from '@tegata/core/time/clock';
import type { Endpoint } from '../../ports/endpoint.ts';
import type { NewJob } from '../../ports/stores/jobs.ts';
import type { AuthorizationRecord, ChallengeRecord } from '../../ports/stores/orders.ts';
import { renderChallenge } from '../authorizations/authorization.ts';
import { jobLease, validateJobPayload } from '../jobs/payloads.ts';
import { readPayload } from '../jws/verify-request.ts';
import { problem } from '../problems.ts';
import { acmePaths } from '../urls.ts';
import type { AcmeContext } from './context.ts';
import { ownedBy, pollInterval } from './order.ts';
import { type Answer, jsonAnswer, linkTo } from './respond.ts';
import { accountEndpoint } from './signed-endpoint.ts';

/**
 * How long the answer waits for the outcome: long enough for a network near by, which saves clients a round of polling that
 * takes them seconds, and short enough for a client that answers a hundred challenges one after the other.
 */
const patience = 100;

export function challengeEndpoint(acme: AcmeContext): Endpoint {
  return accountEndpoint(acme, { name: 'challenge', path: acmePaths.challenge }, async (call) => {
    const { now } = call.context;
    const { account } = call.signer;
    const { authorization: authorizationId = '', challenge: challengeId = '' } = call.request.params;
    const loaded = await acme.store.orders.loadAuthorization(authorizationId, now);
    const owned = ownedBy(account.id, loaded, 'authorization');
    if (!owned.ok) return owned;
    const authorization = owned.value;
    const challenge = authorization.challenges.find((candidate) => candidate.id === challengeId);
    if (challenge === undefined) return problem('malformed', 'There is no such challenge.', { status: 404 });
    if (call.payload.byteLength === 0) return ok(challengeAnswer(challenge, authorization, acme));
    // Members beyond those that a type defines are ignored; old clients send their key authorization.
    const payload = readPayload(call.payload);
    if (!payload.ok) return payload;
    if (challenge.status !== 'pending') return ok(challengeAnswer(challenge, authorization, acme));
    if (authorization.status !== 'pending') {
      return problem('malformed', `The authorization is ${authorization.status}; place a new order.`);
    }
    const job = validationJob(authorization, challenge, account.thumbprint, now, acme);
    const begun = await acme.store.orders.beginValidation(authorization.id, challenge.id, now, job);
    if (begun !== 'begun') return ok(challengeAnswer({ ...challenge, status: 'processing' }, authorization, acme));
    const settled = acme.completions.wait(challenge.id, patience, call.context.signal);
    acme.startJob(job);
    await settled;
    const looked = (await acme.store.orders.loadAuthorization(authorization.id, now)) ?? authorization;
    const current = looked.challenges.find((candidate) => candidate.id === challenge.id) ?? challenge;
    return ok(challengeAnswer(current, looked, acme));
  });
}

function validationJob(
  authorization: AuthorizationRecord,
  challenge: ChallengeRecord,
  thumbprint: string,
  now: Instant,
  acme: AcmeContext,
): NewJob {
  return {
    id: timeOrderedId(now, acme.random),
    kind: 'validate',
    key: challenge.id,
    payload: validateJobPayload({ authorizationId: authorization.id, challengeId: challenge.id, thumbprint }),
    notBefore: now,
    lease: jobLease(acme.node, now),
  };
}

function challengeAnswer(challenge: ChallengeRecord, authorization: AuthorizationRecord, acme: AcmeContext): Answer {
  const headers = [...linkTo(acme.urls.authorization(authorization.id), 'up')];
  if (challenge.status === 'processing') headers.push('Retry-After', pollInterval);
  return jsonAnswer(200, renderChallenge(challenge, authorization.id, acme.urls), headers);
}
