/** Throw-away keys and assertions of the bench's own clients. */
import { generateKeyPairSync, type KeyObject, sign, type webcrypto } from 'node:crypto';

type JsonWebKey = webcrypto.JsonWebKey & { readonly kid?: string };

export interface BenchKey {
  readonly privateKey: KeyObject;
  readonly privateJwk: JsonWebKey;
  readonly publicJwk: JsonWebKey;
}

export function generateKey(kid: string): BenchKey {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const members = { kid, alg: 'ES256', use: 'sig' };
  return {
    privateKey,
    privateJwk: { ...privateKey.export({ format: 'jwk' }), ...members },
    publicJwk: { ...publicKey.export({ format: 'jwk' }), ...members },
  };
}

export function base64url(value: string | Uint8Array | object): string {
  const bytes = typeof value === 'string' || value instanceof Uint8Array ? value : JSON.stringify(value);
  return Buffer.from(bytes as string).toString('base64url');
}

/** ECDSA P-256 signature as JWS wants it. */
export function es256(key: KeyObject, data: string): string {
  return sign('sha256', Buffer.from(data), { key, dsaEncoding: 'ieee-p1363' }).toString('base64url');
}

/** A client assertion (RFC 7523) that is good for one request. */
export function clientAssertion(key: BenchKey, clientId: string, audience: string, jti: string): string {
  const now = Math.floor(Date.now() / 1000);
  const header = base64url({ alg: 'ES256', kid: key.publicJwk.kid, typ: 'client-authentication+jwt' });
  const claims = base64url({ iss: clientId, sub: clientId, aud: audience, jti, iat: now, exp: now + 300 });
  return `${header}.${claims}.${es256(key.privateKey, `${header}.${claims}`)}`;
}
