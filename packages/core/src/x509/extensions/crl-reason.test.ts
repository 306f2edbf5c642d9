import assert from 'node:assert/strict';
import { test } from 'node:test';
import { encodeHex } from '../../codec/hex.ts';
import { unwrap } from '../../result.ts';
import { encodeCrlReason, parseCrlReason } from './crl-reason.ts';

test('reasons are enumerated values and come back', () => {
  for (const reason of [1, 2, 3, 4, 5, 6, 8, 9, 10]) {
    const extension = encodeCrlReason(reason);
    assert.equal(extension.critical, false);
    assert.equal(unwrap(parseCrlReason(extension.value)), reason);
  }
  assert.equal(encodeHex(encodeCrlReason(1).value), '0a0101');
});

test('fail/7 and beyond 10, fail/an INTEGER', () => {
  for (const hex of ['0a0107', '0a010b', '0a01ff', '020101'])
    assert.ok(!parseCrlReason(Buffer.from(hex, 'hex')).ok, hex);
});
