import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { unwrap } from '../result.ts';
import { DerReader } from './der-reader.ts';
import { constructedTag, tag } from './der-tag.ts';
import { DerWriter } from './der-writer.ts';
import { encodeHex } from './hex.ts';

const hex = (write: (writer: DerWriter) => unknown) => {
  const writer = new DerWriter(0);
  write(writer);
  return encodeHex(writer.finish());
};

function readBack<T>(write: (writer: DerWriter) => unknown, read: (reader: DerReader) => T): T {
  const writer = new DerWriter(0);
  write(writer);
  const reader = new DerReader(writer.finish(), 1 << 26);
  return unwrap(reader.finish(read(reader)));
}

test('lengths take their shortest form around every boundary, written at once or closed later', () => {
  const starts = {
    0: '0400',
    127: '047f',
    128: '048180',
    255: '0481ff',
    256: '04820100',
    65535: '0482ffff',
    65536: '0483010000',
  };
  for (const [length, start] of Object.entries({ ...starts, 16777216: '048401000000' })) {
    const content = new Uint8Array(Number(length)).fill(0x55);
    const direct = new DerWriter(0).primitive(tag.octetString, content).finish();
    const closed = new DerWriter(0).constructed(tag.octetString, () => undefined).finish();
    assert.equal(encodeHex(closed), '0400');
    const nested = new DerWriter(0);
    nested.constructed(tag.octetString, () => nested.raw(content));
    assert.ok(Buffer.from(direct).equals(nested.finish()), length);
    assert.equal(encodeHex(direct.subarray(0, direct.length - content.length)), start);
  }
});

test('elements nest, and outer lengths follow when inner ones grow', () => {
  const inner = new Uint8Array(200).fill(1);
  const bytes = new DerWriter(0);
  bytes.sequence(() => bytes.constructed(constructedTag(3), () => bytes.octetString(inner).null()).boolean(true));
  assert.equal(encodeHex(bytes.finish().subarray(0, 9)), '3081d3a381cd0481c8');
});

test('unsigned INTEGER is minimal, positive, and comes back', () => {
  assert.equal(
    hex((writer) => writer.unsignedInteger(Uint8Array.of())),
    '020100',
  );
  assert.equal(
    hex((writer) => writer.unsignedInteger(Uint8Array.of(0, 0))),
    '020100',
  );
  assert.equal(
    hex((writer) => writer.unsignedInteger(Uint8Array.of(0, 0x7f))),
    '02017f',
  );
  assert.equal(
    hex((writer) => writer.unsignedInteger(Uint8Array.of(0x80))),
    '02020080',
  );
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 40 }), (magnitude) => {
      const back = readBack(
        (writer) => writer.unsignedInteger(magnitude),
        (reader) => reader.unsignedInteger(),
      );
      assert.equal(BigInt(`0x0${encodeHex(back)}`), BigInt(`0x0${encodeHex(magnitude)}`));
    }),
  );
});

test('small INTEGER comes back, and others are refused as mistakes of the caller', () => {
  const values = fc.oneof(
    fc.nat(70_000),
    fc.maxSafeNat().map((value) => value % 2 ** 47),
  );
  fc.assert(
    fc.property(values, (value) => {
      const back = readBack(
        (writer) => writer.smallInteger(value),
        (reader) => reader.smallInteger(),
      );
      assert.equal(back, value);
    }),
  );
  for (const value of [-1, 0.5, 2 ** 47, Number.NaN])
    assert.throws(() => new DerWriter().smallInteger(value), RangeError);
});

test('named bits come back', () => {
  assert.equal(
    hex((writer) => writer.namedBits(0)),
    '030100',
  );
  fc.assert(
    fc.property(fc.nat(0xffff), (bits) => {
      const back = readBack(
        (writer) => writer.namedBits(bits),
        (reader) => reader.namedBits(),
      );
      assert.equal(back, bits);
    }),
  );
});

test('text of any characters is written as UTF-8 with the right length', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 200 }), fc.boolean(), (text, padded) => {
      const whole = padded ? `${'a'.repeat(120)}${text}` : text;
      const back = readBack(
        (writer) => writer.text(tag.utf8String, whole).null(),
        (reader) => {
          const content = reader.content(tag.utf8String);
          reader.null();
          return content;
        },
      );
      assert.equal(Buffer.from(back).toString(), whole);
    }),
  );
});

test('SET OF is in ascending order of the encodings, a prefix first', () => {
  const elements = ['040102', '0400', '020105', '040101', '04020100'].map((text) => Buffer.from(text, 'hex'));
  assert.equal(
    hex((writer) => writer.setOf(elements)),
    `310f${['020105', '0400', '040101', '040102', '04020100'].join('')}`,
  );
});

test('fail/text that is no object identifier is a mistake of the caller', () => {
  assert.throws(() => new DerWriter().oid('1.2.x'), /no object identifier: 1\.2\.x/);
});

test('what finish gives is memory of its own', () => {
  const writer = new DerWriter(64).null();
  const first = writer.finish();
  writer.null();
  assert.deepEqual([...first], [0x05, 0x00]);
  assert.equal(first.buffer.byteLength, 2);
});
