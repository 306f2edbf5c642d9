import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { decodeHex, encodeHex } from './hex.ts';
import { decodeOid, encodeOid, oid } from './oid.ts';

const decode = (hex: string) => {
  const bytes = decodeHex(hex) ?? new Uint8Array();
  return decodeOid(bytes, 0, bytes.length);
};
const encode = (dotted: string) => encodeHex(encodeOid(dotted) ?? new Uint8Array());

test('known encodings, the example of X.690 section 8.19.5 among them', () => {
  const vectors = {
    '2.999.3': '883703',
    '1.2.840.113549': '2a864886f70d',
    '0.0': '00',
    '1.39': '4f',
    '2.0': '50',
    '2.25.329800735698586629295641978511506172918': '6983f09da7ebcfdee0c7a1a7b2c0948cc8f9d776',
  };
  for (const [dotted, hex] of Object.entries(vectors)) {
    assert.equal(encode(dotted), hex);
    assert.equal(decode(hex), dotted);
  }
});

test('every identifier of the table is there once and comes back as its own string', () => {
  const all = Object.values(oid);
  assert.equal(new Set(all).size, all.length);
  for (const dotted of all) assert.equal(decode(encode(dotted)), dotted);
});

test('any identifier comes back', () => {
  const arcs = fc.array(fc.oneof(fc.bigInt(0n, 200n), fc.bigInt(0n, 2n ** 130n)), { maxLength: 6 });
  const heads = fc.oneof(
    fc.tuple(fc.constantFrom(0n, 1n), fc.bigInt(0n, 39n)),
    fc.tuple(fc.constant(2n), fc.bigInt(0n, 2n ** 40n)),
  );
  fc.assert(
    fc.property(heads, arcs, (head, rest) => {
      const dotted = [...head, ...rest].join('.');
      assert.equal(decode(encode(dotted)), dotted);
    }),
  );
});

test('content that is accepted is what its dotted form encodes to', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 12 }), (bytes) => {
      const dotted = decodeOid(bytes, 0, bytes.length);
      if (dotted !== undefined) assert.deepEqual(encodeOid(dotted), bytes);
    }),
    { numRuns: 1000 },
  );
});

test('only the part between start and end is read', () => {
  assert.equal(decodeOid(Uint8Array.of(0xff, 0x55, 0x1d, 0x11, 0xff), 1, 4), oid.subjectAltName);
});

test('fail/content that is empty, padded, cut short or too long', () => {
  for (const hex of ['', '80', '8001', '2a80', '2a8001', '2a86', '2a'.padEnd(260, '01')]) {
    assert.equal(decode(hex), undefined, hex);
  }
});

test('fail/texts that are no object identifier', () => {
  for (const text of ['', '1', '3.1', '1.40', '0.40', '1.2.', '.1.2', '1..2', '01.2', '1.02', '1.2a', '1.-2', 'a.b']) {
    assert.equal(encodeOid(text), undefined, text);
  }
  assert.equal(encodeOid(`1.2${'.1'.repeat(200)}`), undefined);
  assert.equal(encodeOid(`1.2.${'9'.repeat(100_000)}`), undefined);
});
