/**
 * OpenID provider metadata, after the issuer's path as OpenID Connect says, and before it as RFC 8414 would have it.
 * @spec OpenID Connect Discovery 1.0 §4
 * @spec RFC 8414 §5
 */
import type { JsonObject } from '@tegata/core/codec/json';
import type { Endpoint } from '../../ports/endpoint.ts';
import { createMetadataEndpoints } from './metadata-endpoint.ts';

const wellKnown = '/.well-known/openid-configuration';

/** Creates the endpoints of OpenID Connect Discovery. */
export function createOpenidConfigurationEndpoints(basePath: string, read: () => JsonObject): readonly Endpoint[] {
  return createMetadataEndpoints('openid_configuration', [basePath + wellKnown, wellKnown + basePath], read);
}
