/** Serial numbers. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { systemRandom } from '@tegata/core/random';
import { createSerial } from './serial.ts';

test('all have 16 octets, are positive without a sign octet, and differ', () => {
  const random = systemRandom();
  const serials = Array.from({ length: 500 }, () => createSerial(random));
  for (const serial of serials) {
    assert.equal(serial.length, 16);
    assert.equal((serial[0] as number) & 0xc0, 0x40);
  }
  assert.equal(new Set(serials.map((serial) => Buffer.from(serial).toString('hex'))).size, 500);
});

test('all bits but the first two come from the generator', () => {
  const constant = (octet: number) => ({ bytes: (length: number) => new Uint8Array(length).fill(octet) });
  assert.deepEqual(createSerial(constant(0xff)), Uint8Array.of(0x7f, ...Array<number>(15).fill(0xff)));
  assert.deepEqual(createSerial(constant(0x00)), Uint8Array.of(0x40, ...Array<number>(15).fill(0x00)));
});
