import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { systemRandom } from './random.ts';

describe('systemRandom', () => {
  it('gives the lengths asked for, across the end of its pool and beyond its size', () => {
    const random = systemRandom();
    for (const length of [0, 1, 16, 16_383, 2, 16_384, 16_385, 40_000, 7]) {
      assert.equal(random.bytes(length).byteLength, length);
    }
  });

  it('never gives the same bytes twice, over several pools', () => {
    const random = systemRandom();
    const seen = new Set<string>();
    for (let count = 0; count < 5000; count++) seen.add(Buffer.from(random.bytes(16)).toString('hex'));
    assert.equal(seen.size, 5000);
  });

  it('gives bytes that the caller owns: changing them changes no later ones, and the pool forgets them', () => {
    const random = systemRandom();
    const first = random.bytes(32);
    const copy = Uint8Array.from(first);
    const second = random.bytes(32);
    second.fill(0);
    assert.deepEqual(first, copy);
    assert.notDeepEqual(random.bytes(32), new Uint8Array(32));
    assert.equal(first.buffer.byteLength, 32);
  });

  it('sets every bit of every byte now and then', () => {
    const random = systemRandom();
    let ones = 0;
    let zeros = 0;
    for (let count = 0; count < 200; count++) {
      for (const byte of random.bytes(8)) {
        ones |= byte;
        zeros |= ~byte & 0xff;
      }
    }
    assert.deepEqual([ones, zeros], [0xff, 0xff]);
  });
});
