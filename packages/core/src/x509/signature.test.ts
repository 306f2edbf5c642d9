import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { generateKeys } from '../../../../test/support/certificates.ts';
import { DerReader } from '../codec/der-reader.ts';
import { exportPublicKeyInfo, signNow } from '../crypto.ts';
import { unwrap } from '../result.ts';
import { findSignatureAlgorithm, signatureAlgorithm } from './algorithm-identifier.ts';
import { parsePublicKeyInfo } from './public-key.ts';
import { assembleSigned, readSignature, type Signed, verifySigned } from './signature.ts';

const tbs = Uint8Array.of(0x30, 0x03, 0x02, 0x01, 0x07);
const { privateKey, publicKey } = generateKeys('ES256');
const key = unwrap(parsePublicKeyInfo(exportPublicKeyInfo(publicKey)));
const row = signatureAlgorithm('ES256');

function disassemble(der: Uint8Array): Signed {
  const reader = new DerReader(der);
  const { algorithm, signature } = reader.sequence(() => {
    reader.element();
    return readSignature(reader);
  });
  return unwrap(reader.finish({ tbs, signatureAlgorithm: findSignatureAlgorithm(algorithm), signature }));
}

test('r||s of any values becomes minimal DER and comes back', () => {
  const scalars = fc.uint8Array({ minLength: 64, maxLength: 64 });
  const small = fc
    .tuple(fc.nat(31), fc.uint8Array({ minLength: 32, maxLength: 32 }))
    .map(([zeros, s]) => Uint8Array.from([...new Uint8Array(zeros), ...s, ...s]).subarray(0, 64));
  fc.assert(
    fc.property(fc.oneof(scalars, small), (fixed) => {
      const { signature } = disassemble(assembleSigned(tbs, 'ES256', fixed));
      const reader = new DerReader(signature);
      const numbers = reader.sequence(() => [reader.unsignedInteger(), reader.unsignedInteger()]);
      const back = unwrap(reader.finish(numbers)).map((number) => BigInt(`0x${Buffer.from(number).toString('hex')}`));
      const half = (from: number) => BigInt(`0x${Buffer.from(fixed.subarray(from, from + 32)).toString('hex')}`);
      assert.deepEqual(back, [half(0), half(32)]);
    }),
  );
});

test('signatures verify, many of them, so that short numbers occur', () => {
  for (let turn = 0; turn < 300; turn++) {
    const data = Uint8Array.of(0x04, 0x02, turn >> 8, turn);
    const signed = disassemble(assembleSigned(data, 'ES256', signNow(row, privateKey, data)));
    assert.equal(verifySigned({ ...signed, tbs: data }, key), true);
  }
});

test('fail/ECDSA signatures that are not DER, or with numbers too large or out of range', () => {
  const good = disassemble(assembleSigned(tbs, 'ES256', signNow(row, privateKey, tbs)));
  assert.equal(verifySigned(good, key), true);
  const hex = Buffer.from(good.signature).toString('hex');
  const bad = [
    '',
    `${hex}00`,
    `3081${hex.slice(2)}`,
    `3080${hex.slice(4)}0000`,
    '3006020100020100',
    '3006020101020100',
    '30060201ff0201ff',
    `3027022200${'ff'.repeat(33)}020101`,
    `3045022100${'ff'.repeat(32)}022000`,
  ];
  for (const text of bad) {
    assert.equal(verifySigned({ ...good, signature: Buffer.from(text, 'hex') }, key), false, text);
  }
});

test('fail/algorithm unknown or for another kind of key', () => {
  const good = disassemble(assembleSigned(tbs, 'ES256', signNow(row, privateKey, tbs)));
  assert.equal(verifySigned({ ...good, signatureAlgorithm: undefined }, key), false);
  assert.equal(verifySigned({ ...good, signatureAlgorithm: signatureAlgorithm('RS256') }, key), false);
  assert.equal(verifySigned({ ...good, signatureAlgorithm: signatureAlgorithm('ES384') }, key), false);
});
