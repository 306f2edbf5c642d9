/** What an endpoint is: a function from a request value to a response value. The HTTP edge and the tests both call it. */
import type { HttpRequest, HttpResponse } from '@tegata/core/http/message';
import type { Instant } from '@tegata/core/time/clock';

export interface RequestContext {
  /** Time at which the request arrived; every check of one request uses the same. */
  readonly now: Instant;
  /** Aborted when the client has gone or the request has run out of time. */
  readonly signal: AbortSignal;
}

export type HttpMethod = 'GET' | 'HEAD' | 'POST' | 'PUT' | 'DELETE';

/** Which request bodies the edge reads, and up to how many bytes; anything else is refused before the endpoint runs. */
export interface BodyRule {
  /** Accepted media type without parameters; `undefined` means that no body is expected. */
  readonly mediaType: string | undefined;
  readonly limit: number;
}

/** How an endpoint's protocol says what went wrong before the endpoint itself could run. */
export type EdgeFault =
  | { readonly kind: 'method_not_allowed'; readonly allowed: readonly string[] }
  | { readonly kind: 'unsupported_media_type'; readonly expected: string }
  | { readonly kind: 'body_too_large'; readonly limit: number }
  | { readonly kind: 'body_unreadable' }
  | { readonly kind: 'unavailable' }
  | { readonly kind: 'defect' };

export interface Endpoint {
  /** Unique; also the key under which metadata and directory announce it. */
  readonly name: string;
  readonly methods: readonly HttpMethod[];
  /** Path with `{name}` for one segment each, e.g. `/acme/order/{id}`. */
  readonly path: string;
  readonly body: BodyRule;
  /** Which origins scripts may call it from: none, or any without credentials. */
  readonly cors: 'none' | 'any';
  handle(request: HttpRequest, context: RequestContext): HttpResponse | Promise<HttpResponse>;
  /** The protocol's own error for a fault at the edge; `unavailable` is for a failing store, `defect` for anything else thrown. Must not throw. */
  refuse(fault: EdgeFault, request: HttpRequest): HttpResponse | Promise<HttpResponse>;
}
