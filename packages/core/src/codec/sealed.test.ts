import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { systemRandom } from '../random.ts';
import { open, seal } from './sealed.ts';

const random = systemRandom();
const key = random.bytes(32);

describe('sealed boxes', () => {
  it('open with the key and context they were sealed with', () => {
    fc.assert(
      fc.property(fc.uint8Array(), fc.string(), (plaintext, context) => {
        const box = seal(key, context, plaintext, random);
        assert.equal(box.byteLength, plaintext.byteLength + 29);
        assert.deepEqual(Uint8Array.from(open(key, context, box) ?? [0]), plaintext);
      }),
    );
  });

  it('differ each time, even for the same plaintext', () => {
    assert.notDeepEqual(seal(key, 'c', Uint8Array.of(1), random), seal(key, 'c', Uint8Array.of(1), random));
  });

  it('do not open with another key or context', () => {
    const box = seal(key, 'account 1', Uint8Array.of(1, 2, 3), random);
    assert.equal(open(random.bytes(32), 'account 1', box), undefined);
    assert.equal(open(key, 'account 2', box), undefined);
    assert.equal(open(key, '', box), undefined);
  });

  it('do not open when any bit is flipped, or when cut anywhere', () => {
    const box = seal(key, 'c', Uint8Array.of(1, 2, 3), random);
    for (let bit = 0; bit < box.byteLength * 8; bit++) {
      const changed = Uint8Array.from(box);
      changed[bit >> 3] = (changed[bit >> 3] as number) ^ (1 << (bit & 7));
      assert.equal(open(key, 'c', changed), undefined, `bit ${bit}`);
    }
    for (let length = 0; length < box.byteLength; length++) {
      assert.equal(open(key, 'c', box.subarray(0, length)), undefined, `${length} bytes`);
    }
  });

  it('never throw for arbitrary bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        assert.equal(open(key, 'c', bytes), undefined);
        assert.equal(open(key, 'c', Uint8Array.of(1, ...bytes)), undefined);
      }),
    );
  });
});
