/** `GET /metrics` for Prometheus; mounted on its own listener only. */
import type { HttpResponse } from '@tegata/core/http/message';
import type { EdgeFault, Endpoint } from '../ports/endpoint.ts';
import type { MetricsRegistry } from './metrics.ts';

/** The endpoint that writes out `registry`. */
export function createMetricsEndpoint(registry: Pick<MetricsRegistry, 'render'>): Endpoint {
  return {
    name: 'metrics',
    methods: ['GET', 'HEAD'],
    path: '/metrics',
    body: { mediaType: undefined, limit: 0 },
    cors: 'none',
    handle: () => plain(200, registry.render(), 'text/plain; version=0.0.4; charset=utf-8'),
    refuse,
  };
}

function refuse(fault: EdgeFault): HttpResponse {
  const ask = 'Ask with GET and without content.\n';
  switch (fault.kind) {
    case 'method_not_allowed': {
      const answer = plain(405, ask);
      return { ...answer, headers: [...answer.headers, 'Allow', fault.allowed.join(', ')] };
    }
    case 'body_too_large':
      return plain(413, ask);
    case 'unavailable':
    case 'defect':
      return plain(500, 'The figures cannot be shown. The cause has been logged.\n');
    default:
      return plain(400, ask);
  }
}

function plain(status: number, body: string, type = 'text/plain; charset=utf-8'): HttpResponse {
  return { status, headers: ['Content-Type', type, 'Cache-Control', 'no-store'], body };
}
