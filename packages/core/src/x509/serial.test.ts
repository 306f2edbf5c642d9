import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DerReader } from '../codec/der-reader.ts';
import { DerWriter } from '../codec/der-writer.ts';
import { unwrap } from '../result.ts';
import { isSerial, readSerial } from './serial.ts';

const bytes = (length: number, first: number) => new Uint8Array(length).fill(0xff).fill(first, 0, 1);

function decode(magnitude: Uint8Array) {
  const reader = new DerReader(new DerWriter().unsignedInteger(magnitude).finish());
  return reader.finish(readSerial(reader));
}

test('up to 20 octets with the sign are a serial number, and come back as they were', () => {
  for (const serial of [
    bytes(1, 1),
    bytes(1, 0x80),
    bytes(16, 0x7f),
    bytes(16, 0xff),
    bytes(19, 0xff),
    bytes(20, 0x7f),
  ]) {
    assert.ok(isSerial(serial));
    assert.deepEqual(unwrap(decode(serial)), serial);
  }
});

test('fail/too long', () => {
  for (const serial of [bytes(20, 0x80), bytes(21, 1), bytes(100, 1)]) {
    assert.equal(isSerial(serial), false);
    assert.ok(!decode(serial).ok);
  }
});

test('fail/zero or empty or with leading zeros may not be given to a certificate', () => {
  for (const serial of [bytes(0, 0), bytes(1, 0), bytes(4, 0)]) assert.equal(isSerial(serial), false);
});

test('fail/negative', () => {
  const reader = new DerReader(Uint8Array.of(0x02, 0x01, 0x80));
  const outcome = reader.finish(readSerial(reader));
  assert.ok(!outcome.ok);
  assert.match(outcome.error.detail, /negative/);
});
