/**
 * ID Tokens: who signed in, when and how, told to the client.
 * @spec OpenID Connect Core 1.0 §2
 * @spec OpenID Connect Core 1.0 §3.1.3.6
 * @spec OpenID Connect Core 1.0 §12.2
 */
import { encodeBase64url } from '@tegata/core/codec/base64url';
import type { JsonObject } from '@tegata/core/codec/json';
import { digest } from '@tegata/core/crypto';
import type { SignerAlgorithm } from '@tegata/core/jose/signer';
import { type Instant, toNumericDate } from '@tegata/core/time/clock';
import type { AuthenticationFacts } from './authorization-detail.ts';

export interface IdTokenContent {
  readonly clientId: string;
  readonly subject: string;
  readonly authentication: AuthenticationFacts;
  /** Of the authorization request; left out when refreshing. */
  readonly nonce: string | undefined;
  readonly accessToken: string;
  readonly issuedAt: Instant;
  readonly expiresAt: Instant;
}

/** `typ` of the header; OpenID Connect never named one of its own. */
export const idTokenType = 'JWT';

/** The claims of an ID Token that will be signed with `algorithm`. */
export function idTokenClaims(content: IdTokenContent, issuer: string, algorithm: SignerAlgorithm): JsonObject {
  const { authTime, amr, acr, sid } = content.authentication;
  const { nonce } = content;
  return {
    iss: issuer,
    sub: content.subject,
    aud: content.clientId,
    iat: toNumericDate(content.issuedAt),
    exp: toNumericDate(content.expiresAt),
    auth_time: toNumericDate(authTime),
    ...(nonce === undefined ? {} : { nonce }),
    ...(acr === undefined ? {} : { acr }),
    ...(amr.length === 0 ? {} : { amr }),
    ...(sid === undefined ? {} : { sid }),
    at_hash: accessTokenHash(content.accessToken, algorithm),
  };
}

/** The left half of the token's digest, by the hash function of the signature's algorithm. */
function accessTokenHash(accessToken: string, algorithm: SignerAlgorithm): string {
  const full = digest(hashOf[algorithm], accessToken);
  return encodeBase64url(full.subarray(0, full.byteLength / 2));
}

const hashOf = {
  ES256: 'sha256',
  RS256: 'sha256',
  PS256: 'sha256',
  ES384: 'sha384',
  Ed25519: 'sha512',
  EdDSA: 'sha512',
} as const satisfies Readonly<Record<SignerAlgorithm, string>>;
