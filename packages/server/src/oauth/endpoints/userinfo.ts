/**
 * Userinfo: claims about the user who authorised an access token.
 * @spec OpenID Connect Core 1.0 §5.3
 * @spec RFC 6750 §3
 */
import type { JsonObject } from '@tegata/core/codec/json';
import type { HttpRequest, HttpResponse } from '@tegata/core/http/message';
import { fail, ok, type Result } from '@tegata/core/result';
import type { Instant } from '@tegata/core/time/clock';
import type { Endpoint } from '../../ports/endpoint.ts';
import type { Metrics } from '../../ports/metrics.ts';
import type { UserStore } from '../../ports/stores/users.ts';
import { type OAuthError, oauthError } from '../errors.ts';
import { formLimit, parseOAuthForm } from '../form.ts';
import { refuseOAuth, renderBearerError } from '../render-error.ts';
import { renderJson } from '../render-json.ts';
import type { AccessTokenVerifier } from '../tokens/access-token-verifier.ts';
import { userClaims } from '../tokens/user-claims.ts';
import { findBearerToken } from './bearer.ts';

export interface UserinfoEndpointDeps {
  readonly basePath: string;
  readonly issuer: string;
  readonly verifier: AccessTokenVerifier;
  readonly users: UserStore;
  readonly metrics: Metrics;
}

/** Creates the userinfo endpoint. */
export function createUserinfoEndpoint(deps: UserinfoEndpointDeps): Endpoint {
  return {
    name: 'userinfo',
    methods: ['GET', 'POST'],
    path: `${deps.basePath}/userinfo`,
    body: { mediaType: 'application/x-www-form-urlencoded', limit: formLimit },
    cors: 'any',
    refuse: refuseOAuth,
    async handle(request, { now }): Promise<HttpResponse> {
      const token = tokenOf(request);
      if (token.ok && token.value === undefined) return renderBearerError();
      const claims = token.ok ? await loadClaims(token.value as string, now, deps) : token;
      if (claims.ok) return renderJson(200, claims.value);
      deps.metrics.count('oauth_errors', { endpoint: 'userinfo', error: claims.error.code });
      return renderBearerError(claims.error, claims.error.code === 'insufficient_scope' ? 'openid' : undefined);
    },
  };
}

function tokenOf(request: HttpRequest): Result<string | undefined, OAuthError> {
  if (request.method !== 'POST' || request.body.byteLength === 0) return findBearerToken(request);
  const form = parseOAuthForm(request.body);
  return form.ok ? findBearerToken(request, form.value.get('access_token')) : form;
}

async function loadClaims(
  text: string,
  now: Instant,
  { verifier, users, issuer }: UserinfoEndpointDeps,
): Promise<Result<JsonObject, OAuthError>> {
  const found = verifier.verify(text, now);
  const token = found instanceof Promise ? await found : found;
  if (token === undefined) return fail(oauthError('invalid_token'));
  if (!token.audience.includes(issuer)) {
    const text = `The access token is for another resource; request one without resource, or for ${issuer}.`;
    return fail(oauthError('invalid_token', text));
  }
  if (!token.scopes.includes('openid')) return fail(oauthError('insufficient_scope'));
  const user = await users.load(token.subject);
  if (user === undefined || user.disabled) {
    return fail(oauthError('invalid_token', 'The user who authorised the access token no longer has access.'));
  }
  return ok(userClaims(user, token.scopes));
}
