/**
 * Gives out a nonce to clients that have none.
 * @spec RFC 8555 §7.2
 */
import type { Endpoint } from '../../ports/endpoint.ts';
import { joseMediaType, requireEmptyPayload, verifyRequest } from '../jws/verify-request.ts';
import { acmePaths } from '../urls.ts';
import type { AcmeContext } from './context.ts';
import { maximumRequestBytes } from './signed-endpoint.ts';

/** HEAD answers 200 and GET 204; both are without content. POST-as-GET answers as GET does. */
export function newNonceEndpoint(acme: AcmeContext): Endpoint {
  return {
    name: 'newNonce',
    methods: ['HEAD', 'GET', 'POST'],
    path: acmePaths.newNonce,
    body: { mediaType: joseMediaType, limit: maximumRequestBytes },
    cors: 'any',
    async handle(request, context) {
      if (request.method === 'POST') {
        const verified = await verifyRequest(request, 'account', context.now, acme);
        const empty = verified.ok ? requireEmptyPayload(verified.value.payload) : verified;
        if (!empty.ok) return acme.responder.problem(empty.error);
      }
      return acme.responder.answer({ status: request.method === 'HEAD' ? 200 : 204 });
    },
    refuse: acme.responder.refuse,
  };
}
