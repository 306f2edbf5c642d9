/** From a socket's request to an endpoint and back: route, bound, run, answer. Everything thrown becomes the protocol's own error. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { HttpRequest, HttpResponse } from '@tegata/core/http/message';
import type { Clock } from '@tegata/core/time/clock';
import type { EdgeFault, Endpoint } from '../ports/endpoint.ts';
import type { Log } from '../ports/log.ts';
import type { Metrics } from '../ports/metrics.ts';
import { checkAnnouncedBody, hasBody, readBody } from './body.ts';
import { answerPreflight } from './cors.ts';
import { type EdgeState, Exchange } from './exchange.ts';
import { createRouter, noParams } from './router.ts';

export interface EdgeOptions {
  readonly endpoints: readonly Endpoint[];
  /** Answer for paths that no endpoint has. */
  readonly notFound: (request: HttpRequest) => HttpResponse;
  /** Who is at the other end, seen through trusted proxies. */
  readonly peerOf: (request: IncomingMessage) => HttpRequest['peer'];
  /** Unique per request and node. */
  readonly nextRequestId: () => string;
  /** Whether what an endpoint threw means that something outside is down, such as the store, and not that the endpoint is wrong. */
  readonly isOutage: (error: unknown) => boolean;
  /** Names and values put on every answer. */
  readonly commonHeaders: readonly string[];
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: Metrics;
}

export interface Edge {
  readonly handler: (request: IncomingMessage, response: ServerResponse) => void;
  /** From now on every answer closes its connection. */
  drain(): void;
  /** Requests being worked on. */
  readonly active: () => number;
}

const noBody = new Uint8Array(0);

/** Builds the request handler that every listener shares. */
export function createEdge(options: EdgeOptions): Edge {
  const { clock, commonHeaders, isOutage, log, metrics } = options;
  const router = createRouter(options.endpoints);
  const state: EdgeState = { commonHeaders, isOutage, log, metrics, draining: false, active: 0 };

  const route = (exchange: Exchange): void => {
    const { method, path } = exchange.request;
    const preflight = method === 'OPTIONS' ? answerPreflight(router.at(path)) : undefined;
    const match = router.find(method, path);
    if (preflight !== undefined) exchange.finish(preflight, false);
    else if (match.kind === 'not_found') exchange.finish(options.notFound(exchange.request), hasBody(exchange.message));
    else {
      exchange.endpoint = match.endpoint;
      if (match.kind === 'method_not_allowed') {
        refuse(exchange, match.endpoint, { kind: 'method_not_allowed', allowed: match.allowed });
      } else {
        if (match.params !== noParams) exchange.request = { ...exchange.request, params: match.params };
        receive(exchange, match.endpoint);
      }
    }
  };

  return {
    handler: (message, response) =>
      route(new Exchange(state, message, response, toRequest(message, options), clock.now())),
    drain: () => {
      state.draining = true;
    },
    active: () => state.active,
  };
}

function receive(exchange: Exchange, endpoint: Endpoint): void {
  const { message } = exchange;
  const fault = checkAnnouncedBody(message, endpoint.body);
  if (fault !== undefined) refuse(exchange, endpoint, fault);
  else if (!hasBody(message)) run(exchange, endpoint);
  else {
    void readBody(message, endpoint.body.limit).then((body) => {
      if (body.ok) {
        exchange.request = { ...exchange.request, body: body.value };
        run(exchange, endpoint);
      } else refuse(exchange, endpoint, body.error);
    });
  }
}

function run(exchange: Exchange, endpoint: Endpoint): void {
  exchange.settle(endpoint, () => endpoint.handle(exchange.request, exchange), false);
}

function refuse(exchange: Exchange, endpoint: Endpoint, fault: EdgeFault): void {
  exchange.settle(endpoint, () => endpoint.refuse(fault, exchange.request), hasBody(exchange.message));
}

function toRequest(message: IncomingMessage, options: EdgeOptions): HttpRequest {
  const url = message.url ?? '/';
  const mark = url.indexOf('?');
  return {
    id: options.nextRequestId(),
    method: message.method ?? 'GET',
    path: mark < 0 ? url : url.slice(0, mark),
    query: mark < 0 ? '' : url.slice(mark + 1),
    params: noParams,
    headers: message.headers as HttpRequest['headers'],
    rawHeaders: message.rawHeaders,
    body: noBody,
    peer: options.peerOf(message),
  };
}
