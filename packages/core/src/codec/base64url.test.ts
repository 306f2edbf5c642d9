import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { decodeBase64url, encodeBase64url } from './base64url.ts';

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

test('the vectors of RFC 4648 section 10 come out without padding', () => {
  const vectors = { '': '', f: 'Zg', fo: 'Zm8', foo: 'Zm9v', foob: 'Zm9vYg', fooba: 'Zm9vYmE', foobar: 'Zm9vYmFy' };
  for (const [text, encoded] of Object.entries(vectors)) {
    assert.equal(encodeBase64url(Buffer.from(text)), encoded);
    assert.deepEqual(decodeBase64url(encoded), Buffer.from(text));
  }
});

test('any bytes come back, views into larger memory included', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 80 }), fc.nat(10), (bytes, skip) => {
      const view = bytes.subarray(Math.min(skip, bytes.length));
      const text = encodeBase64url(view);
      assert.match(text, /^[A-Za-z0-9_-]*$/);
      assert.deepEqual(new Uint8Array(decodeBase64url(text) ?? []), new Uint8Array(view));
    }),
  );
});

test('a text is accepted exactly when it is what the encoder writes', () => {
  const texts = fc.oneof(
    fc.string({ unit: fc.constantFrom(...alphabet), maxLength: 12 }),
    fc.string({ unit: fc.constantFrom(...alphabet, '+', '/', '=', ' ', '\n', '.', 'é', '\0'), maxLength: 12 }),
  );
  fc.assert(
    fc.property(texts, (text) => {
      const bytes = decodeBase64url(text);
      const spare = text.length % 4 === 2 ? 0x0f : text.length % 4 === 3 ? 0x03 : 0;
      const canonical =
        [...text].every((character) => alphabet.includes(character)) &&
        text.length % 4 !== 1 &&
        (alphabet.indexOf(text.at(-1) ?? 'A') & spare) === 0;
      assert.equal(bytes !== undefined, canonical);
      if (bytes !== undefined) assert.equal(encodeBase64url(bytes), text);
    }),
    { numRuns: 500 },
  );
});

test('fail/padding, fail/standard alphabet, fail/blank, fail/spare bits, fail/impossible length', () => {
  for (const text of ['Zg==', 'Zg=', '+/+/', 'Zm9v YmFy', 'Zm9v\n', 'Zh', 'Zm9', 'A', 'Zm9vY']) {
    assert.equal(decodeBase64url(text), undefined, JSON.stringify(text));
  }
});
