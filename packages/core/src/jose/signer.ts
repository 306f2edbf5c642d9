/** A private key that signs and never leaves its place: file, store, hardware or remote. */
import type { PublicJwk } from './jwk.ts';

/** JWS `alg` values that a Signer of this server can have. */
export type SignerAlgorithm = 'ES256' | 'ES384' | 'RS256' | 'PS256' | 'Ed25519' | 'EdDSA';

export interface Signer {
  /** Stable name of the key; the `kid` of what it signs. */
  readonly keyId: string;
  readonly algorithm: SignerAlgorithm;
  readonly publicKey: PublicJwk;
  /**
   * Signs `data`. ECDSA signatures come as fixed-width r||s (RFC 7518 section 3.4); X.509 code turns them into DER.
   * Fast keys (P-256, Ed25519) answer at once; others answer with a promise so that they do not stall the loop.
   */
  sign(data: Uint8Array): Uint8Array | Promise<Uint8Array>;
}
