/**
 * Mints access tokens in the form that the client is registered for: JWT, or opaque.
 * @spec RFC 6749 §1.4
 * @spec RFC 9068 §2
 */
import { createHandle, digestHandle, formatHandle, timeOrderedId } from '@tegata/core/id';
import { signJwt } from '@tegata/core/jose/jwt';
import type { Random } from '@tegata/core/random';
import type { KeyRing } from '../../ports/key-ring.ts';
import type { NewToken } from '../../ports/stores/tokens.ts';
import type { Client } from '../clients/client.ts';
import { type AccessTokenContent, accessTokenClaims, accessTokenType } from './access-token-jwt.ts';
import { storedFacts } from './authorization-detail.ts';

export interface MintContext {
  readonly issuer: string;
  readonly keyRing: KeyRing;
  readonly random: Random;
}

export interface MintedAccessToken {
  /** To be stored before the token is handed out; absent for a JWT. */
  readonly stored?: NewToken;
  /** The token itself. */
  text(): string | Promise<string>;
}

/** Prepares an access token; a JWT is signed when its text is asked for. */
export function mintAccessToken(client: Client, content: AccessTokenContent, context: MintContext): MintedAccessToken {
  const { issuer, keyRing, random } = context;
  if (client.accessTokenFormat === 'jwt') {
    const signer = keyRing.tokenSigner(client.accessTokenAlgorithm);
    return { text: () => signJwt({ typ: accessTokenType }, accessTokenClaims(content, issuer, random), signer) };
  }
  const handle = createHandle(content.issuedAt, random);
  const { authentication } = content;
  return {
    stored: {
      handle: digestHandle(handle),
      family: content.family ?? timeOrderedId(content.issuedAt, random),
      value: {
        clientId: content.clientId,
        subject: content.subject,
        scopes: content.scopes,
        // Fixed now: what the client may ask for later must not change what this token is for.
        resources: content.audience,
        detail: authentication === undefined ? {} : storedFacts(authentication),
      },
      createdAt: content.issuedAt,
      expiresAt: content.expiresAt,
    },
    text: () => formatHandle(handle),
  };
}
