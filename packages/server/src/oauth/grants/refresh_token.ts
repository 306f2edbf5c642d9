/**
 * Refresh tokens: every use replaces them, and a second use of an old one ends the family.
 * @spec RFC 6749 §6
 * @spec RFC 9700 §2.2.2
 * @spec RFC 9700 §4.14.2
 */
import { hmacSha256 } from '@tegata/core/crypto';
import {
  digestHandle,
  encodeSecret,
  formatHandle,
  type Handle,
  type HandleDigest,
  parseHandle,
  timeOrderedId,
} from '@tegata/core/id';
import { fail, ok, type Result } from '@tegata/core/result';
import type { NewToken, StoredToken } from '../../ports/stores/tokens.ts';
import { type OAuthError, oauthError } from '../errors.ts';
import { narrowResources } from '../scopes/resource-indicator.ts';
import { narrowScopes } from '../scopes/scope.ts';
import { authenticationFacts } from '../tokens/authorization-detail.ts';
import type { Committed, Grant, GrantContext, TokenRequest } from './grant.ts';
import { endFamily } from './reuse.ts';

const secretBytes = 24;

export const refreshToken: Grant = {
  grantType: 'refresh_token',
  spec: 'RFC 6749 §6',
  confidentialOnly: false,
  async authorize(request, context) {
    const { client, form, now } = request;
    const text = form.get('refresh_token');
    if (text === undefined) return fail(oauthError('invalid_request', 'The parameter refresh_token is missing.'));
    const handle = parseHandle(text);
    if (handle === undefined) return unknownToken();
    const stored = await context.tokens.peekRefresh(digestHandle(handle), now);
    if (stored === undefined || stored.revoked || stored.value.clientId !== client.clientId) return unknownToken();
    // What the client has lost since is gone from its old authorizations too.
    const granted = stored.value.scopes.filter((scope) => client.scopes.includes(scope));
    const scopes = narrowScopes(request.scopes, granted);
    if (!scopes.ok) return scopes;
    const resources = narrowResources(request.resources, stored.value.resources);
    if (!resources.ok) return resources;
    const user = await context.users.load(stored.value.subject);
    if (user === undefined || user.disabled) {
      return fail(oauthError('invalid_grant', 'The user who authorised this no longer has access.'));
    }
    return ok({
      subject: stored.value.subject,
      scopes: scopes.value,
      resources: resources.value,
      family: stored.family,
      authentication: authenticationFacts(stored.value.detail),
      commit: (access) => rotate(stored, handle, access, request, context),
    });
  },
};

function unknownToken(): Result<never, OAuthError> {
  return fail(
    oauthError('invalid_grant', 'The refresh token is unknown, expired, revoked, or was issued to another client.'),
  );
}

async function rotate(
  stored: StoredToken,
  handle: Handle,
  access: NewToken | undefined,
  { client, now, requestId }: TokenRequest,
  context: GrantContext,
): Promise<Result<Committed, OAuthError>> {
  const { tokens, lifetimes, random } = context;
  const secret = successorSecret(handle, context);
  const successor: Handle = { id: timeOrderedId(now, random), secret };
  const refresh = nextToken(stored, digestHandle(successor), now, context);
  const next = access === undefined ? { refresh } : { refresh, access };
  const rotated = await tokens.rotateRefresh(digestHandle(handle), next, now, lifetimes.refreshGrace);
  switch (rotated.outcome) {
    case 'rotated':
      return ok({ refreshToken: formatHandle(successor) });
    case 'repeated':
      // The earlier answer may have been lost: the same successor again, and an access token of its own.
      if (access !== undefined) await tokens.putAccess(access);
      return ok({ refreshToken: formatHandle({ id: rotated.successor, secret }) });
    case 'reused':
      endFamily('refresh_token', rotated.family, client, requestId, now, context);
      return unknownToken();
    case 'unknown':
      return unknownToken();
  }
}

/** The same for every use of one token, and not to be guessed from it: so the successor can be told again though only its digest is kept. */
function successorSecret(handle: Handle, { keyRing }: GrantContext): string {
  return encodeSecret(hmacSha256(keyRing.secret('refresh-successor'), formatHandle(handle)).subarray(0, secretBytes));
}

/** RFC 6749 section 6: the successor has the scope of its predecessor, however narrow the access token is. */
function nextToken(stored: StoredToken, handle: HandleDigest, now: number, { lifetimes }: GrantContext): NewToken {
  const until = stored.value.detail.familyExpiresAt;
  const idleUntil = now + lifetimes.refreshIdle;
  return {
    handle,
    family: stored.family,
    value: stored.value,
    createdAt: now,
    expiresAt: typeof until === 'number' ? Math.min(idleUntil, until) : idleUntil,
  };
}
