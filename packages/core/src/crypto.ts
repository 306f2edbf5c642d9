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

/** SHA-256 of `data` in base64url, made in one step: a key for maps. */
export function sha256Text(data: string): string {
  return node.hash('sha256', data, 'base64url');
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

/** AES-256 on single blocks of 16 bytes: a keyed permutation, to be used where every block is encrypted once and carries redundancy. */
export interface BlockCipher {
  encrypt(block: Uint8Array): Uint8Array;
  decrypt(block: Uint8Array): Uint8Array;
}

/**
 * The permutation of a 32-byte key. Both cipher contexts are kept, which makes one block cost about a microsecond.
 * @throws for blocks that are not 16 bytes long: the next block would be out of step
 */
export function createBlockCipher(key: Uint8Array): BlockCipher {
  const cipher = node.createCipheriv('aes-256-ecb', key, null).setAutoPadding(false);
  const decipher = node.createDecipheriv('aes-256-ecb', key, null).setAutoPadding(false);
  const checked = (block: Uint8Array): Uint8Array => {
    if (block.byteLength !== 16) throw new Error('a block has 16 bytes');
    return block;
  };
  return {
    encrypt: (block) => cipher.update(checked(block)),
    decrypt: (block) => decipher.update(checked(block)),
  };
}

/** The key of a SubjectPublicKeyInfo (RFC 5280 section 4.1.2.7); `undefined` when OpenSSL refuses it, as for a point off its curve. */
export function importPublicKeyInfo(der: Uint8Array): KeyObject | undefined {
  try {
    return node.createPublicKey({
      key: Buffer.from(der.buffer, der.byteOffset, der.byteLength),
      format: 'der',
      type: 'spki',
    });
  } catch {
    return undefined;
  }
}

/** SubjectPublicKeyInfo DER of a public or private key. */
export function exportPublicKeyInfo(key: KeyObject): Uint8Array {
  return (key.type === 'public' ? key : node.createPublicKey(key)).export({ format: 'der', type: 'spki' });
}

const gcmTagLength = 16;

/** AES-256-GCM: ciphertext followed by its 16-byte tag. The nonce (12 bytes) must never repeat under one key. */
export function aesGcmSeal(
  key: Uint8Array,
  nonce: Uint8Array,
  associated: Uint8Array,
  plaintext: Uint8Array,
): Uint8Array {
  const cipher = node.createCipheriv('aes-256-gcm', key, nonce).setAAD(associated);
  return Buffer.concat([cipher.update(plaintext), cipher.final(), cipher.getAuthTag()]);
}

/** The plaintext of what `aesGcmSeal` made; `undefined` when it was not made with this key, nonce and associated data. */
export function aesGcmOpen(
  key: Uint8Array,
  nonce: Uint8Array,
  associated: Uint8Array,
  sealed: Uint8Array,
): Uint8Array | undefined {
  if (sealed.byteLength < gcmTagLength) return undefined;
  const split = sealed.byteLength - gcmTagLength;
  const decipher = node.createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: gcmTagLength });
  decipher.setAAD(associated).setAuthTag(sealed.subarray(split));
  const plaintext = decipher.update(sealed.subarray(0, split));
  try {
    decipher.final();
    return plaintext;
  } catch {
    return undefined;
  }
}

/** Cost of one Argon2id computation (RFC 9106 section 3.1). */
export interface Argon2Cost {
  /** KiB. */
  readonly memory: number;
  readonly passes: number;
  readonly parallelism: number;
}

/** Argon2id version 1.3 in the thread pool. The caller bounds how many run at once: each takes `memory` and a core. */
export function argon2id(
  password: Uint8Array,
  salt: Uint8Array,
  { memory, passes, parallelism }: Argon2Cost,
  tagLength: number,
): Promise<Uint8Array> {
  const parameters = { message: password, nonce: salt, memory, passes, parallelism, tagLength };
  return new Promise((resolve, reject) => {
    node.argon2('argon2id', parameters, (error, tag) => {
      if (error) reject(error);
      else resolve(tag);
    });
  });
}

/** A new private key on P-256. */
export function generateEcKey(): KeyObject {
  return node.generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
}

/** An unencrypted private key as PKCS #8 in PEM, for programs that read key files. */
export function exportPrivateKeyPem(key: KeyObject): string {
  return key.export({ type: 'pkcs8', format: 'pem' }).toString();
}
