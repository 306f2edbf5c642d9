import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { decodeBase64 } from './base64.ts';

describe('decodeBase64', () => {
  it('reads back what a standard encoder wrote', () => {
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        assert.deepEqual(Uint8Array.from(decodeBase64(Buffer.from(bytes).toString('base64')) ?? []), bytes);
      }),
    );
  });

  for (const [what, text] of Object.entries({
    'missing padding': 'YQ',
    'too much padding': 'YWI==',
    'unused bits that are set': 'YR==',
    'the URL-safe alphabet': '-_-_',
    blanks: 'YW Jj',
    'a line break': 'YWJj\n',
    'foreign characters': 'YW*j',
  })) {
    it(`refuses ${what}`, () => assert.equal(decodeBase64(text), undefined));
  }
});
