/**
 * Reads access tokens of this server, JWT or opaque, and says whether they are live.
 * @spec RFC 7662 §4
 * @spec RFC 9068 §4
 * @spec RFC 8725 §3.1
 */
import type { JsonObject, JsonValue } from '@tegata/core/codec/json';
import { sha256Text } from '@tegata/core/crypto';
import { digestHandle, type Handle, parseHandle } from '@tegata/core/id';
import { parseJwt, verifyJwt } from '@tegata/core/jose/jwt';
import type { Instant } from '@tegata/core/time/clock';
import { second } from '@tegata/core/time/duration';
import type { KeyRing } from '../../ports/key-ring.ts';
import type { FamilyId, StoredToken, TokenStore } from '../../ports/stores/tokens.ts';
import { accessTokenType, familyOf } from './access-token-jwt.ts';
import { authenticationFacts } from './authorization-detail.ts';
import type { RevocationList } from './revocation-list.ts';

/** A live access token. */
export interface ActiveToken {
  readonly format: 'jwt' | 'opaque';
  readonly clientId: string;
  readonly subject: string;
  readonly scopes: readonly string[];
  readonly audience: readonly string[];
  readonly issuedAt: Instant;
  readonly expiresAt: Instant;
  readonly jti: string;
  /** Only tokens that a user authorised have one that is worth knowing. */
  readonly family: FamilyId | undefined;
  readonly authTime: Instant | undefined;
  readonly acr: string | undefined;
  readonly amr: readonly string[];
}

export interface AccessTokenVerifier {
  /** The token while it is live; at once for JWTs. */
  verify(token: string, now: Instant): ActiveToken | undefined | Promise<ActiveToken | undefined>;
}

export interface AccessTokenVerifierOptions {
  readonly issuer: string;
  readonly keyRing: KeyRing;
  readonly tokens: TokenStore;
  readonly revocations: RevocationList;
  /** Most JWTs whose signature is remembered as verified. Default 20,000. */
  readonly capacity?: number;
}

interface Verified {
  readonly token: ActiveToken;
  readonly keyId: string;
}

const longestToken = 8192;
/** Nodes that share a store may differ by this much, so that a token just issued there is not from the future here. */
const clockSkew = 30 * second;

/** Creates the verifier; it remembers, by digest, which JWTs it has verified. */
export function createAccessTokenVerifier(options: AccessTokenVerifierOptions): AccessTokenVerifier {
  const { issuer, keyRing, tokens, revocations, capacity = 20_000 } = options;
  const verified = new Map<string, Verified>();

  const verifySignature = (token: string, now: Instant): Verified | undefined => {
    const parsed = parseJwt(token);
    if (!parsed.ok) return undefined;
    const { kid } = parsed.value.header;
    const key = kid === undefined ? undefined : keyRing.verificationKey(kid);
    if (key === undefined) return undefined;
    const outcome = verifyJwt(parsed.value, {
      typ: accessTokenType,
      algorithms: [key.algorithm],
      keyFor: () => key.key,
      issuer,
      // Whoever asks decides whether the token is meant for them.
      audience: undefined,
      now,
      clockSkew,
    });
    const content = outcome.ok ? readClaims(outcome.value.claims) : undefined;
    return content === undefined ? undefined : { token: content, keyId: key.keyId };
  };

  const verifyJwtToken = (token: string, now: Instant): ActiveToken | undefined => {
    const digest = sha256Text(token);
    let known = verified.get(digest);
    if (known === undefined) {
      known = verifySignature(token, now);
      if (known === undefined) return undefined;
      if (verified.size >= capacity) verified.delete(verified.keys().next().value as string);
      verified.set(digest, known);
    }
    // All that can change after the signature was made.
    if (known.token.expiresAt <= now) {
      verified.delete(digest);
      return undefined;
    }
    const live = keyRing.verificationKey(known.keyId) !== undefined && !revocations.isRevoked(known.token);
    return live ? known.token : undefined;
  };

  const loadOpaque = async (handle: Handle, now: Instant): Promise<ActiveToken | undefined> => {
    const stored = await tokens.loadAccess(digestHandle(handle), now);
    const token = stored === undefined ? undefined : fromStored(stored);
    return token === undefined || revocations.isRevoked(token) ? undefined : token;
  };

  return {
    verify(token, now) {
      if (token.length > longestToken) return undefined;
      const handle = parseHandle(token);
      return handle === undefined ? verifyJwtToken(token, now) : loadOpaque(handle, now);
    },
  };
}

function fromStored({ id, family, value, createdAt, expiresAt }: StoredToken): ActiveToken {
  const facts = value.detail.authTime === undefined ? undefined : authenticationFacts(value.detail);
  return {
    format: 'opaque',
    clientId: value.clientId,
    subject: value.subject,
    scopes: value.scopes,
    audience: value.resources,
    issuedAt: createdAt,
    expiresAt,
    jti: id,
    family,
    authTime: facts?.authTime,
    acr: facts?.acr,
    amr: facts?.amr ?? [],
  };
}

/** Our own claims, which only a key of ours can have signed; anything else is no access token. */
function readClaims(claims: JsonObject): ActiveToken | undefined {
  const { sub, client_id: clientId, jti, iat, exp, auth_time: authTime, scope, acr } = claims;
  const complete = typeof sub === 'string' && typeof clientId === 'string' && typeof jti === 'string';
  if (!complete || typeof iat !== 'number' || typeof exp !== 'number') return undefined;
  return {
    format: 'jwt',
    clientId,
    subject: sub,
    scopes: typeof scope === 'string' ? scope.split(' ') : [],
    audience: typeof claims.aud === 'string' ? [claims.aud] : texts(claims.aud),
    issuedAt: iat * second,
    expiresAt: exp * second,
    jti,
    family: familyOf(jti),
    authTime: typeof authTime === 'number' ? authTime * second : undefined,
    acr: typeof acr === 'string' ? acr : undefined,
    amr: texts(claims.amr),
  };
}

function texts(value: JsonValue | undefined): readonly string[] {
  return Array.isArray(value) ? value.filter((item): item is string => typeof item === 'string') : [];
}
