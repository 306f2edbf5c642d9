/** A Signer whose private key is in this process. */
import { type KeyObject, signInPool, signNow } from '../crypto.ts';
import { findJwsAlgorithm, type JwsAlgorithm } from './algorithms.ts';
import { publicJwkFromKeyObject } from './jwk.ts';
import type { Signer, SignerAlgorithm } from './signer.ts';

/** Algorithms whose signature takes tens of microseconds: less than a trip through the thread pool costs. */
const fastAlgorithms: ReadonlySet<string> = new Set<SignerAlgorithm>(['ES256', 'Ed25519', 'EdDSA']);

/**
 * A signer for `privateKey`: P-256 and Ed25519 answer at once, RSA and P-384 through the thread pool.
 * Its `publicKey` has the key's own members only; publish it with `kid`, `alg` and `use` added.
 * @throws when the key is not one of that algorithm
 */
export function createLocalSigner(keyId: string, algorithm: SignerAlgorithm, privateKey: KeyObject): Signer {
  const row = findJwsAlgorithm(algorithm) as JwsAlgorithm;
  const publicKey = publicJwkFromKeyObject(privateKey);
  if (publicKey.kty !== row.keyType || publicKey.crv !== row.curve) {
    throw new Error(`key ${keyId} is a ${publicKey.crv ?? publicKey.kty} key, which ${algorithm} cannot use`);
  }
  return {
    keyId,
    algorithm,
    publicKey,
    sign: fastAlgorithms.has(algorithm)
      ? (data) => signNow(row, privateKey, data)
      : (data) => signInPool(row, privateKey, data),
  };
}
