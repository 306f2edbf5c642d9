import assert from 'node:assert/strict';
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { describe, it } from 'node:test';
import { isSoundEd25519Point } from './ed25519-point.ts';
import { publicJwkFromKeyObject } from './jwk.ts';

const p = 2n ** 255n - 19n;

function encode(y: bigint, sign: 0n | 1n = 0n): Uint8Array {
  const hex = (y | (sign << 255n)).toString(16).padStart(64, '0');
  return Uint8Array.from(Buffer.from(hex, 'hex')).reverse();
}

describe('isSoundEd25519Point', () => {
  it('accepts every generated key', () => {
    for (let count = 0; count < 40; count++) {
      const { x } = publicJwkFromKeyObject(generateKeyPairSync('ed25519').publicKey);
      assert.equal(isSoundEd25519Point(Buffer.from(x as string, 'base64url')), true);
    }
  });

  it('accepts the base point, whose y is 4/5', () => {
    const y = 0x6666666666666666666666666666666666666666666666666666666666666658n;
    assert.equal(isSoundEd25519Point(encode(y)), true);
    assert.equal(isSoundEd25519Point(encode(y, 1n)), true);
  });

  it('refuses the points of small order, whatever the sign bit says', () => {
    const order8 = Buffer.from('26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05', 'hex');
    const otherOrder8 = Buffer.from('c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a', 'hex');
    assert.equal(isSoundEd25519Point(order8), false);
    assert.equal(isSoundEd25519Point(otherOrder8), false);
    for (const y of [0n, 1n, p - 1n]) {
      assert.equal(isSoundEd25519Point(encode(y)), false, `y = ${y}`);
      assert.equal(isSoundEd25519Point(encode(y, 1n)), false, `y = ${y} with sign`);
    }
  });

  it('refuses every encoding of a y that is not reduced', () => {
    for (let y = p; y < 2n ** 255n; y++) {
      assert.equal(isSoundEd25519Point(encode(y)), false);
      assert.equal(isSoundEd25519Point(encode(y, 1n)), false);
    }
  });

  it('refuses about half of all random strings, which are not on the curve', () => {
    let sound = 0;
    for (let count = 0; count < 200; count++) if (isSoundEd25519Point(randomBytes(32))) sound++;
    assert.ok(sound > 50 && sound < 150, `${sound} of 200`);
  });
});
