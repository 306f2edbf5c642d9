import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { DerReader } from '../codec/der-reader.ts';
import { tag } from '../codec/der-tag.ts';
import { DerWriter } from '../codec/der-writer.ts';
import { unwrap } from '../result.ts';
import { readTime, writeTime } from './time.ts';

function encode(instant: number): Uint8Array {
  const writer = new DerWriter();
  writeTime(writer, instant);
  return writer.finish();
}

function decode(identifier: number, text: string) {
  const reader = new DerReader(new DerWriter().text(identifier, text).finish());
  return reader.finish(readTime(reader));
}

test('UTCTime through the last second of 2049, GeneralizedTime from the first of 2050', () => {
  const vectors: [number, number, string][] = [
    [Date.UTC(1950, 0, 1), tag.utcTime, '500101000000Z'],
    [Date.UTC(1999, 11, 31, 23, 59, 59, 999), tag.utcTime, '991231235959Z'],
    [Date.UTC(2000, 1, 29, 1, 2, 3), tag.utcTime, '000229010203Z'],
    [Date.UTC(2049, 11, 31, 23, 59, 59, 999), tag.utcTime, '491231235959Z'],
    [Date.UTC(2050, 0, 1), tag.generalizedTime, '20500101000000Z'],
    [Date.UTC(9999, 11, 31, 23, 59, 59), tag.generalizedTime, '99991231235959Z'],
  ];
  for (const [instant, identifier, text] of vectors) {
    const bytes = encode(instant);
    assert.equal(bytes[0], identifier, text);
    assert.equal(Buffer.from(bytes.subarray(2)).toString(), text);
    assert.equal(unwrap(decode(identifier, text)), Math.floor(instant / 1000) * 1000);
  }
});

test('any instant comes back, cut to the second', () => {
  fc.assert(
    fc.property(fc.integer({ min: Date.UTC(1950, 0, 1), max: Date.UTC(10_000, 0, 1) - 1 }), (instant) => {
      const reader = new DerReader(encode(instant));
      assert.equal(unwrap(reader.finish(readTime(reader))), Math.floor(instant / 1000) * 1000);
    }),
  );
});

test('fail/forms that RFC 5280 excludes, and dates that do not exist', () => {
  const utc = [
    '2601010000Z',
    '260101000000',
    '260101000000+0000',
    '26010100000Z',
    '2601010000000Z',
    '26010100000 Z',
    'é',
  ];
  const dates = ['260001000000Z', '261301000000Z', '260100000000Z', '260132000000Z', '260229000000Z', '260431000000Z'];
  const clocks = ['260101240000Z', '260101006000Z', '260101000060Z', '26-101000000Z', ' 60101000000Z'];
  for (const text of [...utc, ...dates, ...clocks]) assert.ok(!decode(tag.utcTime, text).ok, text);
  const generalized = [
    '20490101000000Z',
    '00500101000000Z',
    '20500101000000.5Z',
    '20500101000000',
    '205001010000Z',
    '20500101000000+0900',
  ];
  for (const text of generalized) assert.ok(!decode(tag.generalizedTime, text).ok, text);
  assert.ok(!decode(tag.ia5String, '260101000000Z').ok);
});

test('fail/an instant that no certificate can carry is a mistake of the caller', () => {
  for (const instant of [Date.UTC(1949, 11, 31), Date.UTC(10_000, 0, 1), Number.NaN, Number.POSITIVE_INFINITY]) {
    assert.throws(() => encode(instant), RangeError);
  }
});
