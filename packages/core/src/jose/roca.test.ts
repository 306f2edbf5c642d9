import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { testKey } from '../../../../test/support/jose-keys.ts';
import { hasRocaFingerprint } from './roca.ts';

function bytesOf(number: bigint): Uint8Array {
  const hex = number.toString(16);
  return Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, 'hex');
}

describe('hasRocaFingerprint', () => {
  const primorial = [
    3n,
    5n,
    7n,
    11n,
    13n,
    17n,
    19n,
    23n,
    29n,
    31n,
    37n,
    41n,
    43n,
    47n,
    53n,
    59n,
    61n,
    67n,
    71n,
    73n,
    79n,
  ]
    .concat([83n, 89n, 97n, 101n, 103n, 107n, 109n, 113n, 127n, 131n, 137n, 139n, 149n, 151n, 157n, 163n, 167n])
    .reduce((product, prime) => product * prime, 2n);
  /** The form of the faulty generator's primes: k M + (65537^a mod M). */
  const faulty = (k: bigint, a: bigint): bigint => k * primorial + (65_537n ** a % primorial);

  it('is found in products of numbers of the faulty form', () => {
    for (let a = 1n; a < 20n; a++) {
      const modulus = faulty(2n ** 800n + a * 7919n, a) * faulty(2n ** 801n + a, a * 31n);
      assert.equal(hasRocaFingerprint(bytesOf(modulus)), true);
      assert.equal(hasRocaFingerprint(bytesOf(modulus + 2n)), false);
    }
  });

  it('is not found in a modulus of OpenSSL', () => {
    assert.equal(hasRocaFingerprint(Buffer.from(testKey('RSA').jwk.n as string, 'base64url')), false);
  });
});
