/**
 * Resource indicators: which resource servers a token is for.
 * @spec RFC 8707 §2
 * @spec RFC 9068 §3
 */
import { fail, ok, type Result } from '@tegata/core/result';
import { type OAuthError, oauthError } from '../errors.ts';

const mostResources = 10;
const longestResource = 500;
const uriCharacters = /^[\x21\x23-\x3b\x3d\x3f-\x5b\x5d\x5f\x61-\x7a\x7e]+$/;

/** Whether `text` is an absolute URI without a fragment, as a resource has to be. */
export function isResourceUri(text: string): boolean {
  return text.length <= longestResource && uriCharacters.test(text) && !text.includes('#') && URL.canParse(text);
}

/** What decides about a client's resources. */
export interface ResourceRules {
  /** This server itself, the resource behind its userinfo endpoint: any client may name it. */
  readonly issuer: string;
  /** Resources that every client may ask for. */
  readonly sharedResources: readonly string[];
}

/** Checks the `resource` parameters of a request against what the client may use; repetitions are dropped. */
export function checkResources(
  requested: readonly string[],
  client: { readonly allowedResources: readonly string[] },
  rules: ResourceRules,
): Result<readonly string[], OAuthError> {
  if (requested.length > mostResources) {
    return fail(oauthError('invalid_target', `The request names more than ${mostResources} resources.`));
  }
  for (const resource of requested) {
    if (!isResourceUri(resource)) {
      return fail(oauthError('invalid_target', 'A resource is not an absolute URI without a fragment.'));
    }
    const known =
      resource === rules.issuer ||
      client.allowedResources.includes(resource) ||
      rules.sharedResources.includes(resource);
    if (!known) return fail(oauthError('invalid_target', `The client may not ask for the resource ${resource}.`));
  }
  return ok(requested.length < 2 ? requested : [...new Set(requested)]);
}

/**
 * Narrows resources that were granted to those requested now.
 * @param granted as authorised; empty when the authorization named none, which leaves the client's own
 */
export function narrowResources(
  requested: readonly string[],
  granted: readonly string[],
): Result<readonly string[], OAuthError> {
  if (requested.length === 0) return ok(granted);
  if (granted.length === 0 || requested.every((resource) => granted.includes(resource))) return ok(requested);
  return fail(oauthError('invalid_target', 'A resource is not among those that were authorised.'));
}

/**
 * Who an access token is for. Without explicit resources: those of the client, and this server where the token opens userinfo;
 * never nobody.
 */
export function audienceOf(
  resources: readonly string[],
  scopes: readonly string[],
  client: { readonly allowedResources: readonly string[] },
  issuer: string,
): readonly string[] {
  if (resources.length > 0) return resources;
  const { allowedResources } = client;
  if (allowedResources.length === 0) return [issuer];
  return scopes.includes('openid') && !allowedResources.includes(issuer)
    ? [...allowedResources, issuer]
    : allowedResources;
}
