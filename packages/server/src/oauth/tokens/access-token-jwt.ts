/**
 * Access tokens as JWTs.
 * @spec RFC 9068 §2
 * @spec RFC 8725 §3.11
 */
import { encodeBase64url } from '@tegata/core/codec/base64url';
import type { JsonObject } from '@tegata/core/codec/json';
import type { Random } from '@tegata/core/random';
import { type Instant, toNumericDate } from '@tegata/core/time/clock';
import type { FamilyId } from '../../ports/stores/tokens.ts';
import type { AuthenticationFacts } from './authorization-detail.ts';

/** `typ` of the header, by which no other kind of JWT can pass for an access token. */
export const accessTokenType = 'at+jwt';

/** What an access token says, whatever its form. */
export interface AccessTokenContent {
  readonly clientId: string;
  readonly subject: string;
  readonly audience: readonly string[];
  readonly scopes: readonly string[];
  readonly family: FamilyId | undefined;
  readonly authentication: AuthenticationFacts | undefined;
  readonly issuedAt: Instant;
  readonly expiresAt: Instant;
}

const jtiBytes = 16;

/** The claims of a new access token. */
export function accessTokenClaims(content: AccessTokenContent, issuer: string, random: Random): JsonObject {
  const { audience, scopes, family, authentication } = content;
  const unique = encodeBase64url(random.bytes(jtiBytes));
  const acr = authentication?.acr;
  return {
    iss: issuer,
    sub: content.subject,
    aud: audience.length === 1 ? audience[0] : audience,
    client_id: content.clientId,
    ...(scopes.length === 0 ? {} : { scope: scopes.join(' ') }),
    iat: toNumericDate(content.issuedAt),
    exp: toNumericDate(content.expiresAt),
    // The family in front lets the revocation of an authorization refuse its JWTs without a list of them.
    jti: family === undefined ? unique : `${family}.${unique}`,
    ...(authentication === undefined ? {} : { auth_time: toNumericDate(authentication.authTime) }),
    ...(acr === undefined ? {} : { acr }),
    ...(authentication === undefined || authentication.amr.length === 0 ? {} : { amr: authentication.amr }),
  };
}

/** The family that a `jti` names, if any. */
export function familyOf(jti: string): FamilyId | undefined {
  const dot = jti.indexOf('.');
  return dot === -1 ? undefined : jti.slice(0, dot);
}
