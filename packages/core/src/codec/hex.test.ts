import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { decodeHex, encodeHex } from './hex.ts';

test('any bytes come back from two lower-case digits each, and from upper case', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
      const text = encodeHex(bytes);
      assert.match(text, /^[0-9a-f]*$/);
      assert.equal(text.length, 2 * bytes.length);
      assert.deepEqual(new Uint8Array(decodeHex(text) ?? []), bytes);
      assert.deepEqual(new Uint8Array(decodeHex(text.toUpperCase()) ?? []), bytes);
    }),
  );
});

test('fail/odd length, fail/other characters anywhere', () => {
  for (const text of ['a', 'abc', 'zz', '0g', 'g0', '00 0', '0x00', '00:00', '00é', 'ab\n\n']) {
    assert.equal(decodeHex(text), undefined, JSON.stringify(text));
  }
});
