/**
 * JWK thumbprint: the name of a public key that only its own members decide.
 * @spec RFC 7638 §3
 * @spec RFC 8037 §2
 */
import { encodeBase64url } from '../codec/base64url.ts';
import { sha256 } from '../crypto.ts';
import type { PublicJwk } from './jwk.ts';

/** Base64url of SHA-256 over the required members in lexicographic order; 43 characters. */
export function thumbprint(jwk: PublicJwk): string {
  return encodeBase64url(sha256(canonicalMembers(jwk)));
}

function canonicalMembers(jwk: PublicJwk): string {
  // Every value is a registered name or base64url, so quotes are all the escaping that JSON needs here.
  switch (jwk.kty) {
    case 'EC':
      return `{"crv":"${jwk.crv}","kty":"EC","x":"${jwk.x}","y":"${jwk.y}"}`;
    case 'OKP':
      return `{"crv":"${jwk.crv}","kty":"OKP","x":"${jwk.x}"}`;
    case 'RSA':
      return `{"e":"${jwk.e}","kty":"RSA","n":"${jwk.n}"}`;
  }
}
