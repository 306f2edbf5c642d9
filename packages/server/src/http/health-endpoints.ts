/** Liveness and readiness, for load balancers and service managers. */
import type { HttpRequest, HttpResponse } from '@tegata/core/http/message';
import type { EdgeFault, Endpoint } from '../ports/endpoint.ts';

export interface HealthDeps {
  /** Whether requests can be served now; the sentence says what is missing. */
  readonly ready: () => Promise<{ readonly ready: boolean; readonly detail: string }>;
}

/** `/healthz` says that the process runs; `/readyz` that the store answers and the server is not stopping. */
export function createHealthEndpoints({ ready }: HealthDeps): readonly Endpoint[] {
  return [
    plainText('healthz', '/healthz', async () => text(200, 'ok')),
    plainText('readyz', '/readyz', async () => {
      const state = await ready();
      return text(state.ready ? 200 : 503, state.detail);
    }),
  ];
}

function plainText(name: string, path: string, answer: () => Promise<HttpResponse>): Endpoint {
  return {
    name,
    methods: ['GET', 'HEAD'],
    path,
    body: { mediaType: undefined, limit: 0 },
    cors: 'none',
    handle: answer,
    refuse: (fault) => refusePlainly(fault),
  };
}

/** A fault at the edge in plain text, for endpoints and paths that belong to no protocol. */
export function refusePlainly(fault: EdgeFault): HttpResponse {
  switch (fault.kind) {
    case 'method_not_allowed':
      return text(405, `This address answers ${fault.allowed.join(' and ')} only.`, [
        'Allow',
        fault.allowed.join(', '),
      ]);
    case 'unsupported_media_type':
    case 'body_too_large':
      return text(413, 'This address takes no content.');
    case 'body_unreadable':
      return text(400, 'The request ended before its content was complete.');
    case 'defect':
      return text(500, 'Something went wrong here. It has been logged.');
  }
}

/** A path that no endpoint has. */
export function notFound(request: HttpRequest): HttpResponse {
  return text(404, `There is nothing at ${printable(request.path)}.`);
}

function text(status: number, sentence: string, headers: readonly string[] = []): HttpResponse {
  return {
    status,
    headers: ['Content-Type', 'text/plain; charset=utf-8', 'Cache-Control', 'no-store', ...headers],
    body: `${sentence}\n`,
  };
}

function printable(path: string): string {
  return path.slice(0, 200).replace(/[^\x21-\x7e]/g, '?');
}
