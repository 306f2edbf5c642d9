/** The bare address of the server, as a person types it: leads to their account, or to signing in. */
import type { Endpoint } from '../ports/endpoint.ts';
import { plainText, refusePlainly } from './plain-text.ts';

/** @param basePath path of the issuer, without a slash at its end */
export function createHomeEndpoint(basePath: string): Endpoint {
  return {
    name: 'home',
    methods: ['GET', 'HEAD'],
    path: `${basePath}/`,
    body: { mediaType: undefined, limit: 0 },
    cors: 'none',
    handle: () => plainText(303, 'See your account.', ['Location', `${basePath}/account`]),
    refuse: refusePlainly,
  };
}
