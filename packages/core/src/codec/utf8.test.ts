import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { decodeUtf8, encodeUtf8 } from './utf8.ts';

test('any well-formed text comes back', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      assert.equal(decodeUtf8(encodeUtf8(text)), text.startsWith('\ufeff') ? undefined : text);
    }),
  );
});

test('bytes that are accepted are the encoding of what they gave', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 8 }), (bytes) => {
      const text = decodeUtf8(bytes);
      if (text !== undefined) assert.deepEqual(encodeUtf8(text), bytes);
    }),
    { numRuns: 1000 },
  );
});

test('fail/overlong, fail/surrogate, fail/beyond U+10FFFF, fail/cut short, fail/lone continuation, fail/byte order mark', () => {
  const refused = [
    [0xc0, 0x80],
    [0xe0, 0x80, 0xaf],
    [0xed, 0xa0, 0x80],
    [0xf4, 0x90, 0x80, 0x80],
    [0xf5, 0x80, 0x80, 0x80],
    [0x41, 0xe3, 0x81],
    [0x80],
    [0xff],
    [0xef, 0xbb, 0xbf, 0x41],
  ];
  for (const bytes of refused) assert.equal(decodeUtf8(Uint8Array.from(bytes)), undefined, String(bytes));
});

test('a zero-width no-break space later in the text is kept', () => {
  assert.equal(decodeUtf8(encodeUtf8('a\ufeffb')), 'a\ufeffb');
});
