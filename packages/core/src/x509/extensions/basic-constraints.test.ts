import assert from 'node:assert/strict';
import { test } from 'node:test';
import { encodeHex } from '../../codec/hex.ts';
import { unwrap } from '../../result.ts';
import { encodeBasicConstraints, parseBasicConstraints } from './basic-constraints.ts';

test('each form has its one encoding and comes back', () => {
  const vectors = [
    [{ ca: false }, '3000'],
    [{ ca: true }, '30030101ff'],
    [{ ca: true, pathLength: 0 }, '30060101ff020100'],
    [{ ca: true, pathLength: 200 }, '30070101ff020200c8'],
  ] as const;
  for (const [constraints, hex] of vectors) {
    const extension = encodeBasicConstraints(constraints);
    assert.equal(extension.critical, true);
    assert.equal(encodeHex(extension.value), hex);
    assert.deepEqual(unwrap(parseBasicConstraints(extension.value)), constraints);
  }
});

test('fail/FALSE written out, fail/path length without CA, fail/negative path length, fail/more', () => {
  for (const hex of ['3003010100', '3003020100', '30060101ff0201ff', '30080101ff0201000500', '30030101fe']) {
    assert.ok(!parseBasicConstraints(Buffer.from(hex, 'hex')).ok, hex);
  }
});
