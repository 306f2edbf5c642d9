import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { encodeHex } from '../../codec/hex.ts';
import { unwrap } from '../../result.ts';
import { encodeKeyUsage, type KeyUsage, parseKeyUsage } from './key-usage.ts';

const all: readonly KeyUsage[] = [
  'digitalSignature',
  'contentCommitment',
  'keyEncipherment',
  'dataEncipherment',
  'keyAgreement',
  'keyCertSign',
  'cRLSign',
  'encipherOnly',
  'decipherOnly',
];

test('the encodings that certificates usually have', () => {
  assert.equal(encodeHex(encodeKeyUsage(['digitalSignature']).value), '03020780');
  assert.equal(encodeHex(encodeKeyUsage(['digitalSignature', 'keyEncipherment']).value), '030205a0');
  assert.equal(encodeHex(encodeKeyUsage(['keyCertSign', 'cRLSign']).value), '03020106');
  assert.equal(encodeHex(encodeKeyUsage(['decipherOnly']).value), '0303070080');
  assert.equal(encodeKeyUsage(['cRLSign']).critical, true);
});

test('any usages come back in the order of their bits', () => {
  fc.assert(
    fc.property(fc.subarray([...all], { minLength: 1 }), (usages) => {
      assert.deepEqual(unwrap(parseKeyUsage(encodeKeyUsage([...usages].reverse()).value)), usages);
    }),
  );
});

test('fail/nothing allowed, fail/bits without a name, fail/trailing zero bits', () => {
  for (const hex of ['030100', '0303060040', '03020080', '0304000000ff']) {
    assert.ok(!parseKeyUsage(Buffer.from(hex, 'hex')).ok, hex);
  }
});
