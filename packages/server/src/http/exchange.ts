/** One request on its way through the edge: answered exactly once, whatever its endpoint does. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { HttpRequest, HttpResponse } from '@tegata/core/http/message';
import type { Instant } from '@tegata/core/time/clock';
import type { Endpoint, RequestContext } from '../ports/endpoint.ts';
import type { Log } from '../ports/log.ts';
import type { Metrics } from '../ports/metrics.ts';
import { corsHeaders } from './cors.ts';
import { respond } from './respond.ts';

/** What all exchanges of one edge share. */
export interface EdgeState {
  readonly commonHeaders: readonly string[];
  readonly isOutage: (error: unknown) => boolean;
  readonly log: Log;
  readonly metrics: Metrics;
  /** Every answer closes its connection from now on. */
  draining: boolean;
  /** Requests being worked on. */
  active: number;
}

export type Answer = HttpResponse | Promise<HttpResponse>;

export class Exchange implements RequestContext {
  readonly #state: EdgeState;
  readonly #response: ServerResponse;
  readonly #startedAt = performance.now();
  #controller: AbortController | undefined;
  readonly message: IncomingMessage;
  readonly now: Instant;
  request: HttpRequest;
  /** Set once the route is known. */
  endpoint: Endpoint | undefined;

  constructor(
    state: EdgeState,
    message: IncomingMessage,
    response: ServerResponse,
    request: HttpRequest,
    now: Instant,
  ) {
    this.#state = state;
    this.#response = response;
    this.message = message;
    this.request = request;
    this.now = now;
    state.active += 1;
  }

  /** Made only when somebody asks for it: most endpoints answer before the client could leave. */
  get signal(): AbortSignal {
    if (this.#controller === undefined) {
      const controller = new AbortController();
      this.#controller = controller;
      this.#response.once('close', () => {
        if (!this.#response.writableFinished) controller.abort();
      });
    }
    return this.#controller.signal;
  }

  /** Sends the answer. `close` when the connection cannot be used again, because content was left unread. */
  finish(result: HttpResponse, close: boolean): void {
    const state = this.#state;
    const cors = this.endpoint === undefined ? [] : corsHeaders(this.endpoint, this.message.headers.origin);
    respond(this.#response, result, {
      headOnly: this.message.method === 'HEAD',
      close: close || state.draining,
      extra: cors.length === 0 ? state.commonHeaders : state.commonHeaders.concat(cors),
    });
    state.active -= 1;
    const labels = { endpoint: this.endpoint?.name ?? 'none', status: String(result.status) };
    state.metrics.observe('http_request', (performance.now() - this.#startedAt) / 1000, labels);
  }

  /** Runs `work` and sends what it returns; at once when it returns a value, so that no turn of the event loop is lost. */
  settle(endpoint: Endpoint, work: () => Answer, close: boolean): void {
    let result: Answer;
    try {
      result = work();
    } catch (error) {
      this.#fallOver(endpoint, error);
      return;
    }
    if (!(result instanceof Promise)) {
      this.finish(result, close);
      return;
    }
    result.then(
      (value) => this.finish(value, close),
      (error: unknown) => this.#fallOver(endpoint, error),
    );
  }

  async #fallOver(endpoint: Endpoint, error: unknown): Promise<void> {
    const { isOutage, log } = this.#state;
    const kind = isOutage(error) ? 'unavailable' : 'defect';
    const cause = kind === 'defect' ? 'by a defect' : 'because something that it needs does not work';
    log.error({ requestId: this.request.id, endpoint: endpoint.name, err: error }, `request failed ${cause}`);
    try {
      this.finish(await endpoint.refuse({ kind }, this.request), true);
    } catch {
      this.finish({ status: 500, headers: ['Cache-Control', 'no-store'] }, true);
    }
  }
}
