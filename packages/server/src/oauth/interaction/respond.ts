/**
 * Answers of the pages' endpoints: redirects that turn every method into GET, and error pages.
 * @spec RFC 9700 §4.12
 * @spec RFC 9110 §15.4.4
 */

import { type FormParameters, parseForm } from '@tegata/core/http/forms';
import type { HttpRequest, HttpResponse } from '@tegata/core/http/message';
import type { EdgeFault, Endpoint } from '../../ports/endpoint.ts';
import { languageOf } from './browser.ts';
import type { Interaction } from './deps.ts';
import { type ErrorKind, type ErrorPage, errorPage } from './pages/error.ts';
import { guardHeaders, renderPage } from './pages/layout.ts';

/** Body rule of every form of the pages. */
export const formBody: Endpoint['body'] = { mediaType: 'application/x-www-form-urlencoded', limit: 32_768 };

/** Sends the browser on with GET, whatever method it came with: 303, never 307, which would repeat a password elsewhere. */
export function seeOther(location: string, headers: readonly string[] = []): HttpResponse {
  return { status: 303, headers: [...guardHeaders, 'Location', location, ...headers] };
}

/** Reads the query or the form of a request to one of our own pages; `undefined` when it is none, or repeats a parameter. */
export function readForm(input: string | Uint8Array): FormParameters | undefined {
  const form = parseForm(input, { maximumLength: 32_768, maximumParameters: 20 });
  return form.ok && form.value.repeated.length === 0 ? form.value : undefined;
}

const statusOf: Readonly<Record<ErrorKind, number>> = {
  unknown_client: 400,
  bad_redirect: 400,
  bad_request: 400,
  flow_expired: 400,
  cross_site: 403,
  setup_link: 410,
  already_set_up: 410,
  logout_refused: 400,
  method: 405,
  too_large: 413,
  unreadable: 400,
  unavailable: 503,
  defect: 500,
};

export interface ErrorOptions extends Pick<ErrorPage, 'detail' | 'next'> {
  readonly uiLocales?: readonly string[];
  readonly headers?: readonly string[];
}

/** An error page in the user's language. */
export function showError(
  { site }: Interaction,
  request: HttpRequest,
  kind: ErrorKind,
  { detail, next, uiLocales = [], headers = [] }: ErrorOptions = {},
): HttpResponse {
  const { language } = languageOf(request, undefined, uiLocales);
  const context = { site, language, inLanguage: undefined };
  const content = errorPage(context, { kind, reference: request.id, detail, next });
  return renderPage(context, content, { status: statusOf[kind], headers });
}

/** Answers what the edge refused, or a defect, with a page. */
export function refuseWithPage(interaction: Interaction): Endpoint['refuse'] {
  return (fault: EdgeFault, request: HttpRequest) => {
    switch (fault.kind) {
      case 'method_not_allowed':
        return showError(interaction, request, 'method', { headers: ['Allow', fault.allowed.join(', ')] });
      case 'body_too_large':
        return showError(interaction, request, 'too_large');
      case 'unsupported_media_type':
        return { ...showError(interaction, request, 'unreadable'), status: 415 };
      case 'body_unreadable':
        return showError(interaction, request, 'unreadable');
      case 'unavailable':
        return showError(interaction, request, 'unavailable', { headers: ['Retry-After', '10'] });
      case 'defect':
        return showError(interaction, request, 'defect');
    }
  };
}
