/**
 * Token revocation: a client gives its own tokens back.
 * @spec RFC 7009 §2
 */

import type { HttpRequest, HttpResponse } from '@tegata/core/http/message';
import { digestHandle, type Handle, parseHandle } from '@tegata/core/id';
import { fail, ok, type Result } from '@tegata/core/result';
import type { Instant } from '@tegata/core/time/clock';
import type { AuditSink } from '../../ports/audit.ts';
import type { Endpoint } from '../../ports/endpoint.ts';
import type { Metrics } from '../../ports/metrics.ts';
import type { Revocation, RevocationStore } from '../../ports/stores/revocations.ts';
import type { TokenStore } from '../../ports/stores/tokens.ts';
import type { ClientAuthenticator } from '../client-auth/authenticate.ts';
import type { Client } from '../clients/client.ts';
import { type OAuthError, oauthError } from '../errors.ts';
import { formLimit, parseOAuthForm } from '../form.ts';
import { longestAccessToken } from '../lifetimes.ts';
import { refuseOAuth, renderOAuthError } from '../render-error.ts';
import type { AccessTokenVerifier, ActiveToken } from '../tokens/access-token-verifier.ts';
import type { RevocationList } from '../tokens/revocation-list.ts';

export interface RevocationEndpointDeps {
  readonly basePath: string;
  readonly authenticator: ClientAuthenticator;
  readonly verifier: AccessTokenVerifier;
  readonly tokens: TokenStore;
  readonly revocationStore: RevocationStore;
  readonly revocations: RevocationList;
  readonly audit: AuditSink;
  readonly metrics: Metrics;
}

const done: HttpResponse = { status: 200, headers: ['Cache-Control', 'no-store'] };

/** Creates the revocation endpoint. */
export function createRevocationEndpoint(deps: RevocationEndpointDeps): Endpoint {
  return {
    name: 'revocation',
    methods: ['POST'],
    path: `${deps.basePath}/revoke`,
    body: { mediaType: 'application/x-www-form-urlencoded', limit: formLimit },
    cors: 'any',
    refuse: refuseOAuth,
    async handle(request, { now }) {
      const outcome = await answerRequest(request, now, deps);
      if (outcome.ok) return done;
      deps.metrics.count('oauth_errors', { endpoint: 'revocation', error: outcome.error.code });
      return renderOAuthError(outcome.error);
    },
  };
}

async function answerRequest(
  request: HttpRequest,
  now: Instant,
  deps: RevocationEndpointDeps,
): Promise<Result<void, OAuthError>> {
  const form = parseOAuthForm(request.body);
  if (!form.ok) return form;
  const client = await deps.authenticator.authenticate(request, form.value, now);
  if (!client.ok) return client;
  const text = form.value.get('token');
  if (text === undefined) return fail(oauthError('invalid_request', 'The parameter token is missing.'));
  const handle = parseHandle(text);
  const found = deps.verifier.verify(text, now);
  const access = found instanceof Promise ? await found : found;
  const revoked =
    access !== undefined
      ? await revokeAccess(access, handle, client.value, now, deps)
      : handle !== undefined
        ? await revokeRefresh(handle, client.value, now, deps)
        : ok('unknown' as const);
  if (!revoked.ok) return revoked;
  // A token that is unknown or dead already is as revoked as the client wants it to be (RFC 7009 section 2.2).
  if (revoked.value === 'revoked') {
    deps.audit.record({ at: now, event: 'token.revoked', requestId: request.id, client: client.value.clientId });
  }
  return ok();
}

type RevokeOutcome = Result<'revoked' | 'unknown', OAuthError>;

function foreignToken(): Result<never, OAuthError> {
  return fail(oauthError('invalid_grant', 'The token was issued to another client.'));
}

async function revokeAccess(
  token: ActiveToken,
  handle: Handle | undefined,
  client: Client,
  now: Instant,
  { tokens, revocationStore, revocations }: RevocationEndpointDeps,
): Promise<RevokeOutcome> {
  if (token.clientId !== client.clientId) return foreignToken();
  if (handle !== undefined) await tokens.revokeAccess(digestHandle(handle), now);
  else {
    const revocation: Revocation = { kind: 'jti', value: token.jti, revokedAt: now, expiresAt: token.expiresAt };
    await revocationStore.add(revocation);
    revocations.add(revocation);
  }
  return ok('revoked');
}

/** A refresh token takes everything of its authorization with it. */
async function revokeRefresh(
  handle: Handle,
  client: Client,
  now: Instant,
  { tokens, revocations }: RevocationEndpointDeps,
): Promise<RevokeOutcome> {
  const stored = await tokens.peekRefresh(digestHandle(handle), now);
  if (stored === undefined || stored.revoked) return ok('unknown');
  if (stored.value.clientId !== client.clientId) return foreignToken();
  const expiresAt = now + longestAccessToken;
  await tokens.revokeFamily(stored.family, now, expiresAt);
  revocations.add({ kind: 'family', value: stored.family, revokedAt: now, expiresAt });
  return ok('revoked');
}
