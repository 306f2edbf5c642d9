/**
 * Authorization server metadata, inserted before the issuer's path as the standard says, and after it as many clients guess.
 * @spec RFC 8414 §3
 */
import type { JsonObject } from '@tegata/core/codec/json';
import type { Endpoint } from '../../ports/endpoint.ts';
import { createMetadataEndpoints } from './metadata-endpoint.ts';

const wellKnown = '/.well-known/oauth-authorization-server';

/** Creates the endpoints of RFC 8414. */
export function createOAuthAuthorizationServerEndpoints(basePath: string, read: () => JsonObject): readonly Endpoint[] {
  return createMetadataEndpoints('oauth_authorization_server', [wellKnown + basePath, basePath + wellKnown], read);
}
