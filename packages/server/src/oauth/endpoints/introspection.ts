/**
 * Token introspection: resource servers ask whether a token is live and what it says.
 * @spec RFC 7662 §2
 * @spec RFC 7662 §4
 */
import type { JsonObject } from '@tegata/core/codec/json';
import type { HttpRequest, HttpResponse } from '@tegata/core/http/message';
import { digestHandle, parseHandle } from '@tegata/core/id';
import { fail, ok, type Result } from '@tegata/core/result';
import { type Instant, toNumericDate } from '@tegata/core/time/clock';
import type { Endpoint } from '../../ports/endpoint.ts';
import type { Metrics } from '../../ports/metrics.ts';
import type { TokenStore } from '../../ports/stores/tokens.ts';
import type { ClientAuthenticator } from '../client-auth/authenticate.ts';
import type { Client } from '../clients/client.ts';
import { type OAuthError, oauthError } from '../errors.ts';
import { formLimit, parseOAuthForm } from '../form.ts';
import { refuseOAuth, renderOAuthError } from '../render-error.ts';
import { jsonHeaders } from '../render-json.ts';
import type { AccessTokenVerifier, ActiveToken } from '../tokens/access-token-verifier.ts';

export interface IntrospectionEndpointDeps {
  readonly basePath: string;
  readonly issuer: string;
  readonly authenticator: ClientAuthenticator;
  readonly verifier: AccessTokenVerifier;
  readonly tokens: TokenStore;
  readonly metrics: Metrics;
}

/** The whole answer about every token that is not live, or none of the asking client's business. */
const inactive = '{"active":false}';

/** Creates the introspection endpoint. */
export function createIntrospectionEndpoint(deps: IntrospectionEndpointDeps): Endpoint {
  // A verified JWT stays the same object for as long as it is remembered, and so does its description.
  const written = new WeakMap<ActiveToken, string>();
  const describe = (token: ActiveToken): string => {
    let text = written.get(token);
    if (text === undefined) {
      text = JSON.stringify(describeAccess(token, deps.issuer));
      written.set(token, text);
    }
    return text;
  };

  const answerRequest = async (request: HttpRequest, now: Instant): Promise<Result<string, OAuthError>> => {
    const form = parseOAuthForm(request.body);
    if (!form.ok) return form;
    const client = await deps.authenticator.authenticate(request, form.value, now);
    if (!client.ok) return client;
    if (client.value.authMethod === 'none') {
      return fail(oauthError('invalid_client', 'Only clients that authenticate may introspect tokens.'));
    }
    const text = form.value.get('token');
    if (text === undefined) return fail(oauthError('invalid_request', 'The parameter token is missing.'));
    const found = deps.verifier.verify(text, now);
    const token = found instanceof Promise ? await found : found;
    if (token !== undefined) return ok(maySee(client.value, token) ? describe(token) : inactive);
    return ok((await describeRefresh(text, client.value, now, deps)) ?? inactive);
  };

  return {
    name: 'introspection',
    methods: ['POST'],
    path: `${deps.basePath}/introspect`,
    body: { mediaType: 'application/x-www-form-urlencoded', limit: formLimit },
    cors: 'none',
    refuse: refuseOAuth,
    async handle(request, { now }): Promise<HttpResponse> {
      const answer = await answerRequest(request, now);
      if (answer.ok) return { status: 200, headers: jsonHeaders, body: answer.value };
      deps.metrics.count('oauth_errors', { endpoint: 'introspection', error: answer.error.code });
      return renderOAuthError(answer.error);
    },
  };
}

/** Whether the token is the client's own, or meant for it as a resource server. */
function maySee(client: Client, token: ActiveToken): boolean {
  return (
    token.clientId === client.clientId ||
    client.introspectsAllTokens ||
    token.audience.includes(client.clientId) ||
    client.servedResources.some((resource) => token.audience.includes(resource))
  );
}

function describeAccess(token: ActiveToken, issuer: string): JsonObject {
  const { audience, scopes, authTime, acr, amr } = token;
  return {
    active: true,
    ...(scopes.length === 0 ? {} : { scope: scopes.join(' ') }),
    client_id: token.clientId,
    token_type: 'Bearer',
    exp: toNumericDate(token.expiresAt),
    iat: toNumericDate(token.issuedAt),
    sub: token.subject,
    aud: audience.length === 1 ? audience[0] : audience,
    iss: issuer,
    jti: token.jti,
    ...(authTime === undefined ? {} : { auth_time: toNumericDate(authTime) }),
    ...(acr === undefined ? {} : { acr }),
    ...(amr.length === 0 ? {} : { amr }),
  };
}

/** Refresh tokens are live for nobody but their own client: no resource server may take one for an access token. */
async function describeRefresh(
  text: string,
  client: Client,
  now: Instant,
  { tokens, issuer }: IntrospectionEndpointDeps,
): Promise<string | undefined> {
  const handle = parseHandle(text);
  const stored = handle === undefined ? undefined : await tokens.peekRefresh(digestHandle(handle), now);
  if (stored === undefined || stored.revoked || stored.spentAt !== undefined) return undefined;
  const { clientId, scopes, subject } = stored.value;
  if (clientId !== client.clientId) return undefined;
  return JSON.stringify({
    active: true,
    ...(scopes.length === 0 ? {} : { scope: scopes.join(' ') }),
    client_id: clientId,
    exp: toNumericDate(stored.expiresAt),
    iat: toNumericDate(stored.createdAt),
    sub: subject,
    iss: issuer,
    jti: stored.id,
  });
}
