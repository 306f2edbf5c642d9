/** Liveness and readiness, for load balancers and service managers. */
import type { HttpResponse } from '@tegata/core/http/message';
import type { Endpoint } from '../ports/endpoint.ts';
import { plainText, refusePlainly } from './plain-text.ts';

export interface HealthDeps {
  /** Whether requests can be served now; the sentence says what is missing. */
  readonly ready: () => Promise<{ readonly ready: boolean; readonly detail: string }>;
}

/** `/healthz` says that the process runs; `/readyz` that the store answers and the server is not stopping. */
export function createHealthEndpoints({ ready }: HealthDeps): readonly Endpoint[] {
  return [
    textEndpoint('healthz', '/healthz', () => plainText(200, 'ok')),
    textEndpoint('readyz', '/readyz', async () => {
      const state = await ready();
      return plainText(state.ready ? 200 : 503, state.detail);
    }),
  ];
}

function textEndpoint(name: string, path: string, answer: () => HttpResponse | Promise<HttpResponse>): Endpoint {
  return {
    name,
    methods: ['GET', 'HEAD'],
    path,
    body: { mediaType: undefined, limit: 0 },
    cors: 'none',
    handle: answer,
    refuse: refusePlainly,
  };
}
