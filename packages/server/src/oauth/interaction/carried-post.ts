/**
 * Requests that another site sends by POST: browsers withhold our cookies from them. The parameters are sealed into an address of the
 * same endpoint and the browser is sent there, where it brings its cookies. They prove no more than a link would.
 * @spec OpenID Connect Core 1.0 §3.1.2.1
 * @spec OpenID Connect RP-Initiated Logout 1.0 §2
 */

import { decodeUtf8 } from '@tegata/core/codec/utf8';
import { type FormFault, type FormParameters, parseForm } from '@tegata/core/http/forms';
import type { HttpRequest, HttpResponse } from '@tegata/core/http/message';
import { fail, ok, type Result } from '@tegata/core/result';
import type { Instant } from '@tegata/core/time/clock';
import type { Interaction } from './deps.ts';
import { seeOther } from './respond.ts';

/** Longest form: sealed, it has to fit into an address. A query has been one already. */
const longestForm = 6144;
const longestQuery = 12_288;

/** The parameters of a request in whichever way it came, or the redirect that brings the browser back with its cookies. */
export type Arrival =
  | { readonly kind: 'parameters'; readonly parameters: FormParameters }
  | { readonly kind: 'redirect'; readonly response: HttpResponse };

/** Reads a request that clients may send by GET or POST. The failure: the form is too long or malformed, or its ticket has expired. */
export function readArrival(
  { tickets }: Interaction,
  request: HttpRequest,
  now: Instant,
): Result<Arrival, FormFault | 'expired'> {
  if (request.method === 'POST') {
    const form = parse(request.body, longestForm);
    if (!form.ok) return form;
    const ticket = tickets.issue('carried', '', { form: decodeUtf8(request.body) ?? '' }, now);
    return ok({ kind: 'redirect', response: seeOther(`${request.path}?ticket=${ticket}`) });
  }
  const query = parse(request.query, longestQuery);
  if (!query.ok) return query;
  const ticket = query.value.get('ticket');
  if (ticket === undefined) return ok({ kind: 'parameters', parameters: query.value });
  const content = tickets.open('carried', '', ticket, now);
  const form = typeof content?.form === 'string' ? parse(content.form, longestForm) : undefined;
  return form?.ok === true ? ok({ kind: 'parameters', parameters: form.value }) : fail('expired');
}

function parse(input: string | Uint8Array, maximumLength: number): Result<FormParameters, FormFault> {
  return parseForm(input, { maximumLength, maximumParameters: 60 });
}
