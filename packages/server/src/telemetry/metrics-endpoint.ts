/** `GET /metrics` for Prometheus; mounted on its own listener only. */
import type { HttpResponse } from '@tegata/core/http/message';
import type { Endpoint } from '../ports/endpoint.ts';
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
    refuse: (fault) => plain(fault.kind === 'defect' ? 500 : 400, 'Ask with GET and without content.\n'),
  };
}

function plain(status: number, body: string, type = 'text/plain; charset=utf-8'): HttpResponse {
  return { status, headers: ['Content-Type', type, 'Cache-Control', 'no-store'], body };
}
