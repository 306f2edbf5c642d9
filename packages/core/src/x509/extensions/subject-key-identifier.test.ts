import assert from 'node:assert/strict';
import { test } from 'node:test';
import { encodeHex } from '../../codec/hex.ts';
import { unwrap } from '../../result.ts';
import { encodeSubjectKeyIdentifier, parseSubjectKeyIdentifier } from './subject-key-identifier.ts';

test('the identifier is an octet string and comes back', () => {
  const extension = encodeSubjectKeyIdentifier(Uint8Array.of(1, 2, 3));
  assert.equal(extension.critical, false);
  assert.equal(encodeHex(extension.value), '0403010203');
  assert.deepEqual([...unwrap(parseSubjectKeyIdentifier(extension.value))], [1, 2, 3]);
});

test('fail/other type, fail/bytes after it', () => {
  for (const hex of ['0303000102', '040101ff', ''])
    assert.ok(!parseSubjectKeyIdentifier(Buffer.from(hex, 'hex')).ok, hex);
});
