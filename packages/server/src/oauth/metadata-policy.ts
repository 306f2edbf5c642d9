/**
 * What this server offers to the clients that register, taken from the grants and methods it has.
 * @spec RFC 7591 §2
 */
import { builtinClientAuthMethods } from './client-auth/authenticate.ts';
import type { MetadataPolicy } from './clients/metadata-rules.ts';
import { builtinGrants } from './grants/registry.ts';

/**
 * The policy of an installation.
 * @param signingAlgorithms that it has token keys for, preferred one first
 * @param scopes registered in the configuration, besides those of users
 */
export function createMetadataPolicy(signingAlgorithms: readonly string[], scopes: readonly string[]): MetadataPolicy {
  return {
    grantTypes: builtinGrants.map(({ grantType }) => grantType),
    authMethods: builtinClientAuthMethods.map(({ method }) => method),
    signingAlgorithms,
    scopes,
  };
}
