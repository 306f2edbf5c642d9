/**
 * The token endpoint: everything that all grants have in common, in the order in which it has to happen.
 * @spec RFC 6749 §3.2
 * @spec RFC 6749 §5
 * @spec RFC 8707 §2.2
 * @spec OpenID Connect Core 1.0 §3.1.3
 */
import type { HttpRequest, HttpResponse } from '@tegata/core/http/message';
import { signJwt } from '@tegata/core/jose/jwt';
import { fail, ok, type Result } from '@tegata/core/result';
import type { Instant } from '@tegata/core/time/clock';
import { second } from '@tegata/core/time/duration';
import type { Endpoint } from '../../ports/endpoint.ts';
import type { Metrics } from '../../ports/metrics.ts';
import type { ClientAuthenticator } from '../client-auth/authenticate.ts';
import type { Client } from '../clients/client.ts';
import { type OAuthError, oauthError } from '../errors.ts';
import { formLimit, parseOAuthForm } from '../form.ts';
import type { Authorization, Committed, Grant, GrantContext, TokenRequest } from '../grants/grant.ts';
import type { GrantRegistry } from '../grants/registry.ts';
import { refuseOAuth, renderOAuthError } from '../render-error.ts';
import { jsonHeaders } from '../render-json.ts';
import { audienceOf, checkResources } from '../scopes/resource-indicator.ts';
import { parseScope } from '../scopes/scope.ts';
import { type MintContext, mintAccessToken } from '../tokens/access-token.ts';
import { idTokenClaims, idTokenType } from '../tokens/id-token.ts';

export interface TokenEndpointDeps {
  readonly basePath: string;
  readonly authenticator: ClientAuthenticator;
  readonly grants: GrantRegistry;
  readonly grantContext: GrantContext;
  readonly mint: MintContext;
  /** Resources open to every client. */
  readonly sharedResources: readonly string[];
  readonly metrics: Metrics;
}

/** What is written to the client. */
interface TokenAnswer {
  readonly accessToken: string;
  readonly idToken: string | undefined;
  readonly refreshToken: string | undefined;
  readonly scopes: readonly string[];
  readonly expiresIn: number;
}

/** Creates the token endpoint. */
export function createTokenEndpoint(deps: TokenEndpointDeps): Endpoint {
  return {
    name: 'token',
    methods: ['POST'],
    path: `${deps.basePath}/token`,
    body: { mediaType: 'application/x-www-form-urlencoded', limit: formLimit },
    cors: 'any',
    refuse: refuseOAuth,
    async handle(request, { now }) {
      const answer = await answerRequest(request, now, deps);
      if (answer.ok) return renderTokens(answer.value);
      deps.metrics.count('oauth_errors', { endpoint: 'token', error: answer.error.code });
      return renderOAuthError(answer.error);
    },
  };
}

async function answerRequest(
  request: HttpRequest,
  now: Instant,
  deps: TokenEndpointDeps,
): Promise<Result<TokenAnswer, OAuthError>> {
  const form = parseOAuthForm(request.body);
  if (!form.ok) return form;
  const grantType = form.value.get('grant_type');
  if (grantType === undefined) return fail(oauthError('invalid_request', 'The parameter grant_type is missing.'));
  const grant = deps.grants.find(grantType);
  if (grant === undefined) return fail(oauthError('unsupported_grant_type'));
  const client = await deps.authenticator.authenticate(request, form.value, now);
  if (!client.ok) return client;
  const fault = grantFault(grant, client.value);
  if (fault !== undefined) return fail(fault);
  const scope = form.value.get('scope');
  const scopes = scope === undefined ? ok(undefined) : parseScope(scope);
  if (!scopes.ok) return scopes;
  const resources = checkResources(form.value.all('resource'), client.value, {
    issuer: deps.mint.issuer,
    sharedResources: deps.sharedResources,
  });
  if (!resources.ok) return resources;

  const tokenRequest: TokenRequest = {
    requestId: request.id,
    client: client.value,
    form: form.value,
    scopes: scopes.value,
    resources: resources.value,
    now,
  };
  const decided = grant.authorize(tokenRequest, deps.grantContext);
  const authorization = decided instanceof Promise ? await decided : decided;
  if (!authorization.ok) return authorization;
  const issued = await issueTokens(client.value, authorization.value, now, deps);
  if (issued.ok) recordIssue(grant, authorization.value, tokenRequest, deps);
  return issued;
}

function grantFault(grant: Grant, client: Client): OAuthError | undefined {
  if (!client.grantTypes.includes(grant.grantType)) {
    return oauthError('unauthorized_client', `The client is not registered for the grant type ${grant.grantType}.`);
  }
  return grant.confidentialOnly && client.authMethod === 'none' ? oauthError('unauthorized_client') : undefined;
}

/** Uses the grant up and signs, side by side: the write is on its way to the disk meanwhile. Nothing leaves before both are done. */
async function issueTokens(
  client: Client,
  authorization: Authorization,
  now: Instant,
  deps: TokenEndpointDeps,
): Promise<Result<TokenAnswer, OAuthError>> {
  const { subject, scopes, resources, family, authentication, nonce } = authorization;
  const { lifetimes, tokens } = deps.grantContext;
  const { issuer, keyRing } = deps.mint;
  const content = {
    clientId: client.clientId,
    subject,
    audience: audienceOf(resources, scopes, client, issuer),
    scopes,
    family,
    authentication,
    issuedAt: now,
    expiresAt: now + lifetimes.accessToken,
  };
  const minted = mintAccessToken(client, content, deps.mint);

  const commit = async (): Promise<Result<Committed, OAuthError>> => {
    if (authorization.commit !== undefined) return authorization.commit(minted.stored);
    if (minted.stored !== undefined) await tokens.putAccess(minted.stored);
    return ok({});
  };
  const sign = async (): Promise<{ readonly accessToken: string; readonly idToken: string | undefined }> => {
    const accessToken = await minted.text();
    if (authentication === undefined || !scopes.includes('openid')) return { accessToken, idToken: undefined };
    const algorithm = client.idTokenAlgorithm;
    const claims = idTokenClaims(
      { ...content, authentication, nonce, accessToken, expiresAt: now + lifetimes.idToken },
      issuer,
      algorithm,
    );
    return { accessToken, idToken: await signJwt({ typ: idTokenType }, claims, keyRing.tokenSigner(algorithm)) };
  };

  const [committed, signed] = await Promise.all([commit(), sign()]);
  if (!committed.ok) return committed;
  const { refreshToken } = committed.value;
  return ok({ ...signed, refreshToken, scopes, expiresIn: Math.floor(lifetimes.accessToken / second) });
}

function recordIssue(
  grant: Grant,
  { subject }: Authorization,
  { client, requestId, now }: TokenRequest,
  { grantContext, metrics }: TokenEndpointDeps,
): void {
  const { grantType } = grant;
  metrics.count('oauth_tokens', { grant_type: grantType });
  const detail = { grant_type: grantType };
  grantContext.audit.record({ at: now, event: 'token.issued', requestId, client: client.clientId, subject, detail });
}

/** Tokens and scopes hold no character that JSON would escape, so the text is put together directly. */
function renderTokens({ accessToken, idToken, refreshToken, scopes, expiresIn }: TokenAnswer): HttpResponse {
  let body = `{"access_token":"${accessToken}","token_type":"Bearer","expires_in":${expiresIn}`;
  if (scopes.length > 0) body += `,"scope":"${scopes.join(' ')}"`;
  if (refreshToken !== undefined) body += `,"refresh_token":"${refreshToken}"`;
  if (idToken !== undefined) body += `,"id_token":"${idToken}"`;
  return { status: 200, headers: jsonHeaders, body: `${body}}` };
}
