import assert from 'node:assert/strict';
import { test } from 'node:test';
import { encodeHex } from '../../codec/hex.ts';
import { unwrap } from '../../result.ts';
import { encodeCrlNumber, parseCrlNumber } from './crl-number.ts';

test('numbers come back, and the extension is not critical', () => {
  for (const number of [0, 1, 127, 128, 65_536, 2 ** 47 - 1]) {
    const extension = encodeCrlNumber(number);
    assert.equal(extension.critical, false);
    assert.equal(unwrap(parseCrlNumber(extension.value)), number);
  }
  assert.equal(encodeHex(encodeCrlNumber(128).value), '02020080');
});

test('fail/negative, fail/larger than a number holds', () => {
  assert.ok(!parseCrlNumber(Buffer.from('0201ff', 'hex')).ok);
  const large = parseCrlNumber(Buffer.from('020800ffffffffffffff', 'hex'));
  assert.ok(!large.ok);
  assert.equal(large.error.code, 'unsupported');
});
