import assert from 'node:assert/strict';
import { test } from 'node:test';
import { encodeHex } from '../../codec/hex.ts';
import { oid } from '../../codec/oid.ts';
import { unwrap } from '../../result.ts';
import { encodeExtKeyUsage, parseExtKeyUsage } from './ext-key-usage.ts';

test('purposes come back, unknown ones too', () => {
  const purposes = [oid.serverAuth, oid.clientAuth, '1.2.3'];
  const extension = encodeExtKeyUsage(purposes);
  assert.equal(extension.critical, false);
  assert.deepEqual(unwrap(parseExtKeyUsage(extension.value)), purposes);
  assert.equal(encodeHex(encodeExtKeyUsage([oid.serverAuth]).value), '300a06082b06010505070301');
});

test('fail/no purposes, fail/something else inside', () => {
  for (const hex of ['3000', '30020500', '0500']) assert.ok(!parseExtKeyUsage(Buffer.from(hex, 'hex')).ok, hex);
});
