/**
 * The user's authorization code: checked first, spent second, minted from last.
 * @spec RFC 6749 §4.1.3
 * @spec RFC 7636 §4.6
 * @spec RFC 9700 §2.1.1
 * @spec RFC 9700 §4.8.2
 */
import { createHandle, digestHandle, formatHandle, type HandleDigest, parseHandle } from '@tegata/core/id';
import { fail, ok, type Result } from '@tegata/core/result';
import type { NewToken, StoredToken } from '../../ports/stores/tokens.ts';
import { type OAuthError, oauthError } from '../errors.ts';
import { isCodeVerifier, verifierMatches } from '../pkce/S256.ts';
import { narrowResources } from '../scopes/resource-indicator.ts';
import { authenticationFacts, detailText, storedFacts } from '../tokens/authorization-detail.ts';
import type { Authorization, Committed, Grant, GrantContext, TokenRequest } from './grant.ts';
import { endFamily } from './reuse.ts';

export const authorizationCode: Grant = {
  grantType: 'authorization_code',
  spec: 'RFC 6749 §4.1.3',
  confidentialOnly: false,
  async authorize(request, context) {
    const { client, form, now } = request;
    const code = form.get('code');
    if (code === undefined) return fail(oauthError('invalid_request', 'The parameter code is missing.'));
    const verifier = form.get('code_verifier');
    if (verifier !== undefined && !isCodeVerifier(verifier)) {
      return fail(oauthError('invalid_request', 'The code_verifier is not 43 to 128 letters, digits and . _ ~ -.'));
    }
    const handle = parseHandle(code);
    if (handle === undefined) return unknownCode();
    const digest = digestHandle(handle);
    const stored = await context.tokens.peekCode(digest, now);
    if (stored === undefined || stored.revoked || stored.value.clientId !== client.clientId) return unknownCode();
    const fault = bindingFault(stored, form.get('redirect_uri'), verifier);
    if (fault !== undefined) return fail(fault);
    const resources = narrowResources(request.resources, stored.value.resources);
    return resources.ok ? ok(authorizationOf(stored, digest, resources.value, request, context)) : resources;
  },
};

function unknownCode(): Result<never, OAuthError> {
  return fail(oauthError('invalid_grant', 'The code is unknown, expired, used, or was issued to another client.'));
}

/** What does not fit between the authorization request and this one. */
function bindingFault(
  stored: StoredToken,
  redirectUri: string | undefined,
  verifier: string | undefined,
): OAuthError | undefined {
  const { detail } = stored.value;
  // OAuth 2.1 leaves redirect_uri out here; where it is sent, it has to be the one of the authorization request.
  if (redirectUri !== undefined && redirectUri !== detailText(detail, 'redirectUri')) {
    return oauthError('invalid_grant', 'The redirect_uri is not the one of the authorization request.');
  }
  const challenge = detailText(detail, 'codeChallenge');
  if (challenge === undefined) {
    const text = 'The authorization request had no code_challenge; it may have been tampered with on its way.';
    return oauthError('invalid_grant', text);
  }
  if (verifier === undefined) return oauthError('invalid_grant', 'The parameter code_verifier is missing.');
  if (verifierMatches(verifier, challenge)) return undefined;
  return oauthError(
    'invalid_grant',
    'The code_verifier does not belong to the code_challenge of the authorization request.',
  );
}

function authorizationOf(
  stored: StoredToken,
  digest: HandleDigest,
  resources: readonly string[],
  request: TokenRequest,
  context: GrantContext,
): Authorization {
  const { subject, scopes, detail } = stored.value;
  const nonce = detailText(detail, 'nonce');
  return {
    subject,
    scopes,
    resources,
    family: stored.family,
    authentication: authenticationFacts(detail),
    ...(nonce === undefined ? {} : { nonce }),
    commit: (access) => redeem(stored, digest, access, request, context),
  };
}

async function redeem(
  stored: StoredToken,
  digest: HandleDigest,
  access: NewToken | undefined,
  { client, now, requestId }: TokenRequest,
  context: GrantContext,
): Promise<Result<Committed, OAuthError>> {
  const refreshes = stored.value.detail.offline === true && client.grantTypes.includes('refresh_token');
  const refresh = refreshes ? createHandle(now, context.random) : undefined;
  const tokens = {
    ...(refresh === undefined ? {} : { refresh: firstRefreshToken(stored, digestHandle(refresh), now, context) }),
    ...(access === undefined ? {} : { access }),
  };
  const redeemed = await context.tokens.redeemCode(digest, tokens, now);
  if (redeemed.outcome === 'first') return ok(refresh === undefined ? {} : { refreshToken: formatHandle(refresh) });
  if (redeemed.outcome === 'reused') endFamily('code', redeemed.family, client, requestId, now, context);
  return unknownCode();
}

function firstRefreshToken(
  stored: StoredToken,
  handle: HandleDigest,
  now: number,
  { lifetimes }: GrantContext,
): NewToken {
  const familyExpiresAt = now + lifetimes.refreshAbsolute;
  const detail = { ...storedFacts(authenticationFacts(stored.value.detail)), offline: true, familyExpiresAt };
  return {
    handle,
    family: stored.family,
    value: { ...stored.value, detail },
    createdAt: now,
    expiresAt: Math.min(now + lifetimes.refreshIdle, familyExpiresAt),
  };
}
