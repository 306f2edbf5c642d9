/**
 * The order object as clients see it.
 * @spec RFC 8555 §7.1.3
 * @spec RFC 8555 §7.1.6
 */
import type { JsonObject } from '@tegata/core/codec/json';
import type { OrderRecord } from '../../ports/stores/orders.ts';
import { formatTime } from '../time.ts';
import type { AcmeUrls } from '../urls.ts';

export function renderOrder(order: OrderRecord, urls: AcmeUrls): JsonObject {
  return {
    status: order.status,
    expires: formatTime(order.expiresAt),
    identifiers: order.identifiers.map(({ type, value }) => ({ type, value })),
    profile: order.profile,
    notBefore: order.notBefore === undefined ? undefined : formatTime(order.notBefore),
    notAfter: order.notAfter === undefined ? undefined : formatTime(order.notAfter),
    error: order.error,
    authorizations: order.authorizations.map(urls.authorization),
    finalize: urls.finalize(order.id),
    certificate: order.certificate === undefined ? undefined : urls.certificate(order.certificate),
  };
}
