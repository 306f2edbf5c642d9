/** Private keys of the server: made off the event loop, kept wrapped, opened into key objects. */
import { createPrivateKey, generateKeyPair, type KeyObject } from 'node:crypto';
import { promisify } from 'node:util';
import { encodeHex } from '@tegata/core/codec/hex';
import { exportPublicKeyInfo } from '@tegata/core/crypto';
import { publicJwkFromKeyObject } from '@tegata/core/jose/jwk';
import type { SignerAlgorithm } from '@tegata/core/jose/signer';
import type { Instant } from '@tegata/core/time/clock';
import { keyIdentifier } from '@tegata/core/x509/thumbprint';
import type { KeyPurpose, KeyRecord } from '../ports/stores/keys.ts';
import type { KeyWrapping } from './wrapping.ts';

/** A key that was just made, with the record that stores it. */
export interface NewKey {
  readonly record: KeyRecord;
  readonly privateKey: KeyObject;
}

type KeyShape =
  | { readonly type: 'ec'; readonly curve: string }
  | { readonly type: 'rsa' }
  | { readonly type: 'ed25519' };

const shapes: Readonly<Record<SignerAlgorithm, KeyShape>> = {
  ES256: { type: 'ec', curve: 'P-256' },
  ES384: { type: 'ec', curve: 'P-384' },
  RS256: { type: 'rsa' },
  PS256: { type: 'rsa' },
  Ed25519: { type: 'ed25519' },
  EdDSA: { type: 'ed25519' },
};

/** Tokens live for minutes and their key for months; a root lives for decades. */
const rsaBits: Readonly<Record<KeyPurpose, number>> = {
  token: 2048,
  tls: 2048,
  secret: 2048,
  'issuing-ca': 3072,
  'root-ca': 3072,
};

const generateKeyPairInPool = promisify(generateKeyPair);

/** Whether a stored algorithm is one that a signer of this version has. */
export function isSignerAlgorithm(algorithm: string): algorithm is SignerAlgorithm {
  return Object.hasOwn(shapes, algorithm);
}

/** Makes a key pair in the thread pool (RSA takes a fraction of a second) and the record to store; its id comes from the public key. */
export async function generateKey(
  purpose: KeyPurpose,
  algorithm: SignerAlgorithm,
  times: { readonly createdAt: Instant; readonly activeFrom: Instant },
  wrapping: KeyWrapping,
): Promise<NewKey> {
  const privateKey = await generatePrivateKey(shapes[algorithm], rsaBits[purpose]);
  const keyId = encodeHex(keyIdentifier(exportPublicKeyInfo(privateKey)).subarray(0, 10));
  const plaintext = privateKey.export({ type: 'pkcs8', format: 'der' });
  const wrapped = wrapping.wrap(keyId, purpose, plaintext);
  plaintext.fill(0);
  return {
    privateKey,
    record: { keyId, purpose, algorithm, publicJwk: publicJwkFromKeyObject(privateKey), wrapped, ...times },
  };
}

/** The private key of a record; `undefined` when its box does not open. */
export function openPrivateKey(record: KeyRecord, wrapping: KeyWrapping): KeyObject | undefined {
  const plaintext = wrapping.unwrap(record.keyId, record.purpose, record.wrapped);
  if (plaintext === undefined) return undefined;
  const key = createPrivateKey({
    key: Buffer.from(plaintext.buffer, plaintext.byteOffset, plaintext.byteLength),
    format: 'der',
    type: 'pkcs8',
  });
  plaintext.fill(0);
  return key;
}

async function generatePrivateKey(shape: KeyShape, modulusLength: number): Promise<KeyObject> {
  switch (shape.type) {
    case 'ec':
      return (await generateKeyPairInPool('ec', { namedCurve: shape.curve })).privateKey;
    case 'rsa':
      return (await generateKeyPairInPool('rsa', { modulusLength })).privateKey;
    case 'ed25519':
      return (await generateKeyPairInPool('ed25519', {})).privateKey;
  }
}
