import assert from 'node:assert/strict';
import { createSecretKey, generateKeyPairSync } from 'node:crypto';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { testKey } from '../../../../test/support/jose-keys.ts';
import type { JsonObject } from '../codec/json.ts';
import { parsePublicJwk, publicJwkFromKeyObject } from './jwk.ts';

const ec = testKey('P-256').jwk;
const okp = testKey('Ed25519').jwk;
const rsa = testKey('RSA').jwk;

function faultOf(value: JsonObject): string | undefined {
  const parsed = parsePublicJwk(value);
  return parsed.ok ? undefined : parsed.error.code;
}

function integer(number: bigint): string {
  const hex = number.toString(16);
  return Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, 'hex').toString('base64url');
}

const modulus = BigInt(`0x${Buffer.from(rsa.n as string, 'base64url').toString('hex')}`);

describe('parsePublicJwk', () => {
  const kinds = { 'P-256': 256, 'P-384': 384, 'P-521': 521, Ed25519: 256, RSA: 2048 } as const;
  for (const [kind, bits] of Object.entries(kinds) as [keyof typeof kinds, number][]) {
    it(`reads a ${kind} key`, () => {
      const { jwk } = testKey(kind);
      const parsed = parsePublicJwk({ ...jwk, kid: 'k', use: 'sig', alg: 'X', key_ops: ['verify'], x5c: ['AA'] });
      assert.ok(parsed.ok);
      const { value } = parsed;
      assert.equal(value.bits, bits);
      assert.equal(value.type, jwk.kty);
      assert.equal(value.curve, jwk.crv);
      assert.deepEqual(value.jwk, { ...jwk, kid: 'k', use: 'sig', alg: 'X', key_ops: ['verify'] }, 'x5c is left out');
      assert.deepEqual(publicJwkFromKeyObject(value.keyObject), jwk);
    });

    it(`refuses the private ${kind} key`, () => {
      const { privateKey } = testKey(kind);
      assert.equal(faultOf(privateKey.export({ format: 'jwk' }) as JsonObject), 'bad_key');
    });
  }

  for (const name of ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k']) {
    it(`refuses a key with the secret member ${name}, even when it is empty`, () => {
      assert.equal(faultOf({ ...rsa, [name]: '' }), 'bad_key');
      assert.equal(faultOf({ ...ec, [name]: null }), 'bad_key');
    });
  }

  const width = Buffer.from(ec.x as string, 'base64url');
  const refused: Readonly<Record<string, readonly [JsonObject, 'bad_key' | 'unsupported_key']>> = {
    'a symmetric key': [{ kty: 'oct', k: 'AAAA' }, 'bad_key'],
    'no key type': [{}, 'bad_key'],
    'an unknown key type': [{ kty: 'LMS' }, 'unsupported_key'],
    'a key type in another case': [{ ...ec, kty: 'ec' }, 'unsupported_key'],
    'a key type that is no string': [{ ...ec, kty: ['EC'] }, 'unsupported_key'],
    'the curve secp256k1': [{ ...ec, crv: 'secp256k1' }, 'unsupported_key'],
    'an EC key without a curve': [{ kty: 'EC', x: ec.x, y: ec.y }, 'unsupported_key'],
    'a P-256 key on P-384': [{ ...ec, crv: 'P-384' }, 'bad_key'],
    'a P-256 key as RSA': [{ ...ec, kty: 'RSA' }, 'bad_key'],
    'a point off its curve': [{ ...ec, y: ec.x }, 'bad_key'],
    'the point (0, 0)': [{ ...ec, x: 'A'.repeat(43), y: 'A'.repeat(43) }, 'bad_key'],
    'a coordinate beyond the field': [{ ...ec, x: Buffer.alloc(32, 0xff).toString('base64url') }, 'bad_key'],
    'a coordinate with a zero byte in front': [
      { ...ec, x: Buffer.concat([Buffer.alloc(1), width]).toString('base64url') },
      'bad_key',
    ],
    'a coordinate with padding': [{ ...ec, x: `${ec.x}=` }, 'bad_key'],
    'a coordinate with set spare bits': [{ ...ec, x: `${'A'.repeat(42)}B` }, 'bad_key'],
    'an EC key without y': [{ kty: 'EC', crv: 'P-256', x: ec.x }, 'bad_key'],
    'a coordinate that is a number': [{ ...ec, x: 1 }, 'bad_key'],
    'an X25519 key': [{ ...okp, crv: 'X25519' }, 'unsupported_key'],
    'an Ed448 key': [{ ...okp, crv: 'Ed448' }, 'unsupported_key'],
    'an Ed25519 key of 31 bytes': [{ ...okp, x: `${'A'.repeat(41)}A` }, 'bad_key'],
    'an Ed25519 key of small order': [{ ...okp, x: 'A'.repeat(43) }, 'bad_key'],
    'an Ed25519 key off the curve': [{ ...okp, x: `Ag${'A'.repeat(41)}` }, 'bad_key'],
    'RSA without an exponent': [{ kty: 'RSA', n: rsa.n }, 'bad_key'],
    'RSA with an empty modulus': [{ ...rsa, n: '' }, 'bad_key'],
    'RSA of 2047 bits': [{ ...rsa, n: integer(modulus >> 1n) }, 'unsupported_key'],
    'RSA of 1024 bits': [{ ...rsa, n: integer((modulus >> 1024n) | 1n) }, 'unsupported_key'],
    'RSA of 8193 bits': [{ ...rsa, n: integer(2n ** 8192n + 1n) }, 'unsupported_key'],
    'RSA with an even modulus': [{ ...rsa, n: integer(modulus + 1n) }, 'bad_key'],
    'RSA with a leading zero byte': [{ ...rsa, e: 'AAEAAQ' }, 'bad_key'],
    'RSA with exponent 0': [{ ...rsa, e: 'AA' }, 'bad_key'],
    'RSA with exponent 1': [{ ...rsa, e: 'AQ' }, 'bad_key'],
    'RSA with an even exponent': [{ ...rsa, e: 'BA' }, 'bad_key'],
    'RSA with an exponent of 72 bits': [{ ...rsa, e: integer(2n ** 71n + 1n) }, 'bad_key'],
    'a kid that is no string': [{ ...ec, kid: 1 }, 'bad_key'],
    'an alg that is no string': [{ ...ec, alg: null }, 'bad_key'],
    'key_ops that are no strings': [{ ...ec, key_ops: [1] }, 'bad_key'],
    'key_ops that are no array': [{ ...ec, key_ops: 'verify' }, 'bad_key'],
  };
  for (const [what, [value, code]] of Object.entries(refused)) {
    it(`refuses ${what}`, () => assert.equal(faultOf(value), code));
  }

  it('accepts RSA with exponent 3 and with 8192 bits', () => {
    assert.equal(faultOf({ ...rsa, e: 'Aw' }), undefined);
    assert.equal(faultOf({ ...rsa, n: integer(2n ** 8191n + 1n) }), undefined);
  });

  it('takes no inherited name for a key type', () => {
    assert.equal(faultOf({ kty: '__proto__' }), 'unsupported_key');
    assert.equal(faultOf({ kty: 'constructor' }), 'unsupported_key');
  });

  it('never throws, for arbitrary members', () => {
    const value = fc.oneof(fc.jsonValue(), fc.constantFrom('P-256', 'Ed25519', 'AQAB', ec.x, okp.x), fc.base64String());
    fc.assert(
      fc.property(
        fc.constantFrom('EC', 'OKP', 'RSA', 'oct'),
        fc.dictionary(fc.constantFrom('crv', 'x', 'y', 'n', 'e', 'kid', 'use', 'key_ops'), value),
        (kty, members) => void parsePublicJwk({ kty, ...members } as JsonObject),
      ),
      { numRuns: 1000 },
    );
  });
});

describe('publicJwkFromKeyObject', () => {
  it('gives the public members of a private key', () => {
    const { privateKey, jwk } = testKey('P-384');
    assert.deepEqual(publicJwkFromKeyObject(privateKey), jwk);
  });

  it('throws for keys that are of no use here', () => {
    assert.throws(() => publicJwkFromKeyObject(generateKeyPairSync('x25519').publicKey), /X25519/);
    assert.throws(() => publicJwkFromKeyObject(generateKeyPairSync('ec', { namedCurve: 'secp256k1' }).publicKey));
    assert.throws(() => publicJwkFromKeyObject(createSecretKey(Buffer.alloc(32))));
  });
});
