import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { describe, it } from 'node:test';
import { encodeBase64url } from '@tegata/core/codec/base64url';
import { decodeHex } from '@tegata/core/codec/hex';
import type { JsonObject } from '@tegata/core/codec/json';
import { exportPublicKeyInfo } from '@tegata/core/crypto';
import { parsePublicJwk } from '@tegata/core/jose/jwk';
import { unwrap } from '@tegata/core/result';
import { parsePublicKeyInfo } from '@tegata/core/x509/public-key';
import { createAcmeKey } from '../../../../../test/support/acme.ts';
import { checkAccountKey, checkCertificateKey } from './key-policy.ts';

const rsa = (modulus: string, exponent = 'AQAB'): JsonObject => ({
  kty: 'RSA',
  n: encodeBase64url(decodeHex(modulus) as Uint8Array),
  e: exponent,
});

/** An odd modulus of so many bits that no small prime divides. */
function modulusOf(bits: number): string {
  for (let last = 1n; ; last += 2n) {
    const candidate = (1n << BigInt(bits - 1)) + 0x1234_5678_9abcn * 2n + last;
    let prime = 3n;
    while (prime < 752n && candidate % prime !== 0n) prime += 2n;
    if (prime >= 752n) return candidate.toString(16);
  }
}

/** An odd modulus of 2048 bits that `prime` divides. */
function multipleOf(prime: bigint): string {
  return ((((1n << 2047n) / prime + 1n) | 1n) * prime).toString(16);
}

describe('key policy', () => {
  for (const algorithm of ['ES256', 'ES384', 'Ed25519', 'RS256'] as const) {
    it(`accepts a new ${algorithm} key in both roles, under one thumbprint`, () => {
      const key = createAcmeKey(algorithm);
      assert.ok(checkAccountKey(unwrap(parsePublicJwk(key.jwk))).ok);
      const info = unwrap(parsePublicKeyInfo(key.publicKeyInfo));
      assert.equal(unwrap(checkCertificateKey(info)), key.thumbprint);
    });
  }

  it('accepts RSA up to 4096 bits', () => {
    for (const bits of [2048, 3072, 4096]) assert.ok(checkAccountKey(unwrap(parsePublicJwk(rsa(modulusOf(bits))))).ok);
  });

  const weak: readonly [string, JsonObject, RegExp][] = [
    ['4104 bits', rsa(modulusOf(4104)), /2048 to 4096 bits.*4104/],
    ['8192 bits', rsa(modulusOf(8192)), /2048 to 4096 bits/],
    ['a factor of 3', rsa(multipleOf(3n)), /small factor/],
    ['a factor of 751', rsa(multipleOf(751n)), /small factor/],
    ['an exponent of 40 bits', rsa(modulusOf(2048), 'AQAAAAE'), /65537/],
  ];
  for (const [what, jwk, reason] of weak) {
    it(`refuses an RSA key with ${what}`, () => {
      const parsed = parsePublicJwk(jwk);
      const checked = parsed.ok ? checkAccountKey(parsed.value) : undefined;
      const detail = !parsed.ok ? parsed.error.detail : checked?.ok === false ? checked.error.detail : '';
      assert.match(detail, reason);
    });
  }

  it('refuses weak keys for certificates as badCSR', () => {
    const { publicKey } = generateKeyPairSync('rsa', { modulusLength: 1024 });
    const checked = checkCertificateKey(unwrap(parsePublicKeyInfo(exportPublicKeyInfo(publicKey))));
    assert.ok(!checked.ok);
    assert.equal(checked.error.type, 'badCSR');
    assert.match(checked.error.detail, /1024/);
  });
});
