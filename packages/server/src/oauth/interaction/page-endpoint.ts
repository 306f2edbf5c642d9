/** What all addresses that a person's browser visits have in common: GET and POST, our forms, no other origins, faults as pages. */
import type { HttpRequest, HttpResponse } from '@tegata/core/http/message';
import type { Instant } from '@tegata/core/time/clock';
import type { Endpoint } from '../../ports/endpoint.ts';
import type { Interaction } from './deps.ts';
import { formBody, refuseWithPage } from './respond.ts';

type Answer = HttpResponse | Promise<HttpResponse>;

/** Answers one request for a page. */
export type PageHandler = (interaction: Interaction, request: HttpRequest, now: Instant) => Answer;

/** An endpoint at `path`, which begins with a slash and lies below the issuer's own path. */
export function pageEndpoint(interaction: Interaction, name: string, path: string, answer: PageHandler): Endpoint {
  return {
    name,
    methods: ['GET', 'POST'],
    path: interaction.site.basePath + path,
    body: formBody,
    cors: 'none',
    refuse: refuseWithPage(interaction),
    handle: (request, { now }) => answer(interaction, request, now),
  };
}

/** A page that is opened by GET and sends its form back by POST. */
export function formHandler(open: PageHandler, receive: PageHandler): PageHandler {
  return (interaction, request, now) => (request.method === 'POST' ? receive : open)(interaction, request, now);
}
