/** Writes a response value to the socket: the one place where bytes leave. */
import type { ServerResponse } from 'node:http';
import type { HttpResponse } from '@tegata/core/http/message';

export interface RespondOptions {
  /** Answer a HEAD request: headers only. */
  readonly headOnly: boolean;
  /** Ask the client to open a new connection: the body was not read to its end, or the server is stopping. */
  readonly close: boolean;
  readonly extra: readonly string[];
}

/** Sends the response in one write. */
export function respond(target: ServerResponse, response: HttpResponse, options: RespondOptions): void {
  if (target.headersSent || target.destroyed) return;
  const { body } = response;
  const headers = response.headers.concat(options.extra);
  if (response.status !== 204 && response.status !== 304) {
    const length = body === undefined ? 0 : typeof body === 'string' ? Buffer.byteLength(body) : body.byteLength;
    headers.push('Content-Length', String(length));
  }
  if (options.close) headers.push('Connection', 'close');
  target.writeHead(response.status, headers as string[]);
  if (body === undefined || options.headOnly) target.end();
  else target.end(body);
}
