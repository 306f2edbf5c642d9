/**
 * Shows an order to its owner.
 * @spec RFC 8555 §7.4
 */
import { ok, type Result } from '@tegata/core/result';
import type { Endpoint } from '../../ports/endpoint.ts';
import type { OrderRecord } from '../../ports/stores/orders.ts';
import { requireEmptyPayload } from '../jws/verify-request.ts';
import { renderOrder } from '../orders/order.ts';
import { type AcmeProblem, problem } from '../problems.ts';
import { acmePaths } from '../urls.ts';
import type { AcmeContext } from './context.ts';
import { type Answer, jsonAnswer } from './respond.ts';
import { accountEndpoint } from './signed-endpoint.ts';

/** Seconds after which a client should look again at something that is being worked on. */
export const pollInterval = '1';

export function orderEndpoint(acme: AcmeContext): Endpoint {
  return accountEndpoint(acme, { name: 'order', path: acmePaths.order }, async (call) => {
    const empty = requireEmptyPayload(call.payload);
    if (!empty.ok) return empty;
    const order = await acme.store.orders.load(call.request.params.order as string, call.context.now);
    const owned = ownedBy(call.signer.account.id, order, 'order');
    return owned.ok ? ok(orderAnswer(owned.value, acme)) : owned;
  });
}

/** The order as an answer; one that is being processed says when to look again. */
export function orderAnswer(order: OrderRecord, acme: AcmeContext): Answer {
  const waiting = order.status === 'processing' ? ['Retry-After', pollInterval] : [];
  return jsonAnswer(200, renderOrder(order, acme.urls), ['Location', acme.urls.order(order.id), ...waiting]);
}

/** The record if it is there and belongs to the account. Nobody learns what exists for others beyond that it exists. */
export function ownedBy<T extends { readonly accountId?: string }>(
  accountId: string,
  record: T | undefined,
  what: string,
): Result<T, AcmeProblem> {
  if (record === undefined) return problem('malformed', `There is no such ${what}.`, { status: 404 });
  if (record.accountId === accountId) return ok(record);
  return problem('unauthorized', `The ${what} belongs to another account.`);
}
