/**
 * The server's public token keys.
 * @spec RFC 7517 §5
 * @spec RFC 8414 §2
 */
import type { Endpoint } from '../../ports/endpoint.ts';
import type { KeyRing } from '../../ports/key-ring.ts';
import { refuseOAuth } from '../render-error.ts';
import { renderPublicJson } from '../render-json.ts';

/** Creates the endpoint behind `jwks_uri`. */
export function createJwksEndpoint({
  basePath,
  keyRing,
}: {
  readonly basePath: string;
  readonly keyRing: KeyRing;
}): Endpoint {
  return {
    name: 'jwks',
    methods: ['GET'],
    path: `${basePath}/jwks`,
    body: { mediaType: undefined, limit: 0 },
    cors: 'any',
    refuse: refuseOAuth,
    handle: () => renderPublicJson(JSON.stringify({ keys: keyRing.published() })),
  };
}
