import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { DerReader } from '../codec/der-reader.ts';
import { DerWriter } from '../codec/der-writer.ts';
import { unwrap } from '../result.ts';
import { type Extension, findExtension, readExtensions, writeExtensions } from './extension.ts';

function encode(extensions: readonly Extension[]): Uint8Array {
  const writer = new DerWriter();
  writeExtensions(writer, extensions);
  return writer.finish();
}

function decode(der: Uint8Array) {
  const reader = new DerReader(der);
  return reader.finish(readExtensions(reader));
}

const value = Uint8Array.of(0x05, 0x00);

test('any list without repetitions comes back', () => {
  const extension = fc.record(
    {
      oid: fc.nat(5000).map((arc) => `2.5.29.${arc}`),
      critical: fc.boolean(),
      value: fc.uint8Array({ maxLength: 20 }),
    },
    { noNullPrototype: true },
  );
  const lists = fc.uniqueArray(extension, { minLength: 1, maxLength: 8, selector: (entry) => entry.oid });
  fc.assert(
    fc.property(lists, (extensions) => {
      const back = unwrap(decode(encode(extensions)));
      assert.deepEqual(back, extensions);
      for (const { oid } of extensions) assert.equal(findExtension(back, oid)?.oid, oid);
      assert.equal(findExtension(back, '1.2.3'), undefined);
    }),
  );
});

test('fail/the same extension twice: the refusal names it', () => {
  const twice = decode(encode([1, 2, 1].map((arc) => ({ oid: `2.5.29.${arc}`, critical: false, value }))));
  assert.ok(!twice.ok);
  assert.match(twice.error.detail, /extension 2\.5\.29\.1 appears twice/);
});

test('fail/empty list, fail/too many, fail/FALSE written out', () => {
  assert.ok(!decode(Uint8Array.of(0x30, 0x00)).ok);
  const many = Array.from({ length: 65 }, (_, arc) => ({ oid: `2.5.29.${arc}`, critical: false, value }));
  assert.ok(!decode(encode(many)).ok);
  assert.ok(decode(encode(many.slice(1))).ok);
  const written = Buffer.from(encode([{ oid: '2.5.29.1', critical: true, value }]));
  written[written.indexOf(0xff)] = 0x00;
  const outcome = decode(written);
  assert.ok(!outcome.ok);
  assert.match(outcome.error.detail, /FALSE is written out/);
});
