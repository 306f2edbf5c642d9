/** The only door to node:crypto: everything else in core and in the domain goes through these functions. */
import * as node from 'node:crypto';

export type KeyObject = node.KeyObject;

/** SHA-2 digest of `data`; one-shot, which is three times as fast as a Hash object for short input. */
export function digest(algorithm: 'sha1' | 'sha256' | 'sha384' | 'sha512', data: Uint8Array | string): Uint8Array {
  return node.hash(algorithm, data, 'buffer');
}

export function sha256(data: Uint8Array | string): Uint8Array {
  return node.hash('sha256', data, 'buffer');
}

export function hmacSha256(key: Uint8Array, data: Uint8Array | string): Uint8Array {
  return node.createHmac('sha256', key).update(data).digest();
}

/** Fills `target` from the operating system's generator and returns it. */
export function randomFill<T extends Uint8Array>(target: T): T {
  return node.randomFillSync(target);
}

/** Equality in time that depends on the lengths alone. */
export function constantTimeEqual(a: Uint8Array, b: Uint8Array): boolean {
  return a.byteLength === b.byteLength && node.timingSafeEqual(a, b);
}

/** How a signature algorithm uses OpenSSL. ECDSA signatures are r||s everywhere in this project. */
export interface SignatureScheme {
  /** `null` where the algorithm hashes by itself (Ed25519). */
  readonly hash: 'sha256' | 'sha384' | 'sha512' | null;
  /** RSASSA-PSS with MGF1 of the same hash and a salt of its length; otherwise PKCS #1 v1.5 (RSA) or nothing to choose. */
  readonly padding?: 'pss';
}

/** Signs on this thread: for keys that take microseconds. */
export function signNow(scheme: SignatureScheme, key: KeyObject, data: Uint8Array): Uint8Array {
  return node.sign(scheme.hash, data, keyInput(scheme, key));
}

/** Signs in the thread pool: for keys that would stall the event loop. */
export function signInPool(scheme: SignatureScheme, key: KeyObject, data: Uint8Array): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    node.sign(scheme.hash, data, keyInput(scheme, key), (error, signature) => {
      if (error) reject(error);
      else resolve(signature);
    });
  });
}

/** Whether `signature` is valid; `false` for anything that OpenSSL cannot even read. */
export function verifyWith(scheme: SignatureScheme, key: KeyObject, data: Uint8Array, signature: Uint8Array): boolean {
  try {
    return node.verify(scheme.hash, data, keyInput(scheme, key), signature);
  } catch {
    return false;
  }
}

function keyInput(scheme: SignatureScheme, key: KeyObject): node.SignKeyObjectInput {
  return scheme.padding === 'pss'
    ? { key, padding: node.constants.RSA_PKCS1_PSS_PADDING, saltLength: node.constants.RSA_PSS_SALTLEN_DIGEST }
    : { key, dsaEncoding: 'ieee-p1363' };
}

/** The key of a JWK whose members have been checked; `undefined` when OpenSSL refuses it, as for a point off its curve. */
export function importPublicJwk(jwk: object): KeyObject | undefined {
  try {
    return node.createPublicKey({ key: jwk as node.webcrypto.JsonWebKey, format: 'jwk' });
  } catch {
    return undefined;
  }
}

/** The public members of a public or private key. */
export function exportPublicJwk(key: KeyObject): node.webcrypto.JsonWebKey {
  return (key.type === 'public' ? key : node.createPublicKey(key)).export({ format: 'jwk' });
}
