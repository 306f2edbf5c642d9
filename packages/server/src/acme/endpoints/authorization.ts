/**
 * Shows an authorization to its owner, or gives it up.
 * @spec RFC 8555 §7.5
 * @spec RFC 8555 §7.5.2
 */
import { ok, type Result } from '@tegata/core/result';
import type { Endpoint } from '../../ports/endpoint.ts';
import type { AuthorizationRecord } from '../../ports/stores/orders.ts';
import { renderAuthorization } from '../authorizations/authorization.ts';
import { readPayload } from '../jws/verify-request.ts';
import { type AcmeProblem, problem } from '../problems.ts';
import { acmePaths } from '../urls.ts';
import type { AcmeContext } from './context.ts';
import { ownedBy, pollInterval } from './order.ts';
import { jsonAnswer } from './respond.ts';
import { type AccountSigner, accountEndpoint, type Call } from './signed-endpoint.ts';

export function authorizationEndpoint(acme: AcmeContext): Endpoint {
  return accountEndpoint(acme, { name: 'authorization', path: acmePaths.authorization }, async (call) => {
    const id = call.request.params.authorization as string;
    const loaded = await acme.store.orders.loadAuthorization(id, call.context.now);
    const owned = ownedBy(call.signer.account.id, loaded, 'authorization');
    if (!owned.ok) return owned;
    const current = call.payload.byteLength === 0 ? owned : await deactivate(call, owned.value, acme);
    if (!current.ok) return current;
    const busy = current.value.challenges.some((challenge) => challenge.status === 'processing');
    const headers = busy && current.value.status === 'pending' ? ['Retry-After', pollInterval] : [];
    return ok(jsonAnswer(200, renderAuthorization(current.value, acme.urls), headers));
  });
}

async function deactivate(
  call: Call<AccountSigner>,
  authorization: AuthorizationRecord,
  acme: AcmeContext,
): Promise<Result<AuthorizationRecord, AcmeProblem>> {
  const payload = readPayload(call.payload);
  if (!payload.ok) return payload;
  if (payload.value.status !== 'deactivated') {
    return problem('malformed', 'To give the authorization up send "status": "deactivated"; to read it, nothing.');
  }
  const changed = await acme.store.orders.deactivateAuthorization(authorization.id, call.context.now);
  if (changed?.status === 'deactivated') return ok(changed);
  return problem('malformed', `The authorization is ${changed?.status ?? 'gone'}; it cannot be deactivated.`);
}
