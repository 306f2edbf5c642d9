/** The server's own keys as the domain sees them: which one signs now, which ones are published, derived secrets. */
import type { PublicJwk, PublicKey } from '@tegata/core/jose/jwk';
import type { Signer, SignerAlgorithm } from '@tegata/core/jose/signer';

export interface VerificationKey {
  readonly keyId: string;
  readonly algorithm: SignerAlgorithm;
  readonly key: PublicKey;
}

/** Everything here answers from memory; rotation replaces what it answers. */
export interface KeyRing {
  /** The key that signs tokens with this algorithm now. Throws for an algorithm that `algorithms()` does not list. */
  tokenSigner(algorithm: SignerAlgorithm): Signer;
  /** Token algorithms that have a key, preferred one first. */
  algorithms(): readonly SignerAlgorithm[];
  /** Published token keys with `kid`, `alg` and `use`: active, upcoming and retired ones whose tokens may still live. */
  published(): readonly PublicJwk[];
  /** A published token key by its `kid`. */
  verificationKey(keyId: string): VerificationKey | undefined;
  /** 32 bytes for one named purpose, the same on every node and after every restart (HKDF of the instance secret). */
  secret(purpose: string): Uint8Array;
}
