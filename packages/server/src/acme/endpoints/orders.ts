/**
 * Lists the orders of an account, a page at a time.
 * @spec RFC 8555 §7.1.2.1
 */
import { decodeBase64url, encodeBase64url } from '@tegata/core/codec/base64url';
import { decodeUtf8, encodeUtf8 } from '@tegata/core/codec/utf8';
import { ok } from '@tegata/core/result';
import type { Endpoint } from '../../ports/endpoint.ts';
import type { PageRequest } from '../../ports/stores/page.ts';
import { requireEmptyPayload } from '../jws/verify-request.ts';
import { problem } from '../problems.ts';
import { acmePaths } from '../urls.ts';
import type { AcmeContext } from './context.ts';
import { jsonAnswer, linkTo } from './respond.ts';
import { accountEndpoint } from './signed-endpoint.ts';

const pageSize = 100;
const queryPattern = /^cursor=([A-Za-z0-9_-]{1,200})$/;

export function ordersEndpoint(acme: AcmeContext): Endpoint {
  return accountEndpoint(acme, { name: 'orders', path: acmePaths.orders }, async (call) => {
    const empty = requireEmptyPayload(call.payload);
    if (!empty.ok) return empty;
    const { id } = call.signer.account;
    if (call.request.params.account !== id) return problem('unauthorized', 'These are the orders of another account.');
    const request = readPageRequest(call.request.query);
    if (request === undefined) return problem('malformed', 'Follow the "next" link exactly as it was given.');
    const { items, cursor } = await acme.store.orders.listByAccount(id, request);
    const next = cursor === undefined ? [] : linkTo(`${acme.urls.orders(id)}?cursor=${writeCursor(cursor)}`, 'next');
    return ok(jsonAnswer(200, { orders: items.map(acme.urls.order) }, next));
  });
}

function readPageRequest(query: string): PageRequest | undefined {
  if (query === '') return { limit: pageSize };
  const bytes = decodeBase64url(queryPattern.exec(query)?.[1] ?? '');
  const after = bytes === undefined ? undefined : decodeUtf8(bytes);
  return after === undefined || after === '' ? undefined : { limit: pageSize, after };
}

function writeCursor(cursor: string): string {
  return encodeBase64url(encodeUtf8(cursor));
}
