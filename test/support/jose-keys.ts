/** Key pairs of every kind, made once per test process. */
import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import type { JwsAlgorithm } from '@tegata/core/jose/algorithms';
import { type PublicJwk, type PublicKey, parsePublicJwk, publicJwkFromKeyObject } from '@tegata/core/jose/jwk';
import { unwrap } from '@tegata/core/result';

export interface TestKey {
  readonly privateKey: KeyObject;
  readonly jwk: PublicJwk;
  readonly key: PublicKey;
}

const pairs = {
  'P-256': generateKeyPairSync('ec', { namedCurve: 'P-256' }),
  'P-384': generateKeyPairSync('ec', { namedCurve: 'P-384' }),
  'P-521': generateKeyPairSync('ec', { namedCurve: 'P-521' }),
  Ed25519: generateKeyPairSync('ed25519'),
  RSA: generateKeyPairSync('rsa', { modulusLength: 2048 }),
} as const;

/** The pair for a curve, or the RSA one. */
export function testKey(kind: keyof typeof pairs): TestKey {
  const { privateKey, publicKey } = pairs[kind];
  const jwk = publicJwkFromKeyObject(publicKey);
  return { privateKey, jwk, key: unwrap(parsePublicJwk(jwk)) };
}

/** The pair that an algorithm uses. */
export function testKeyFor(row: JwsAlgorithm): TestKey {
  return testKey(row.curve ?? 'RSA');
}
