import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { sha256 } from './crypto.ts';
import {
  createHandle,
  digestHandle,
  encodeSecret,
  formatHandle,
  handleMatches,
  parseHandle,
  timeOrderedId,
} from './id.ts';
import { type Random, systemRandom } from './random.ts';

const random = systemRandom();
const now = Date.UTC(2026, 0, 1);
const fixed = (byte: number): Random => ({ bytes: (length) => new Uint8Array(length).fill(byte) });

describe('timeOrderedId', () => {
  it('sorts as text by time, whatever the random part', () => {
    const instant = fc.integer({ min: 0, max: 2 ** 48 - 1 });
    fc.assert(
      fc.property(instant, instant, (a, b) => {
        fc.pre(a !== b);
        const [earlier, later] = a < b ? [a, b] : [b, a];
        assert.ok(timeOrderedId(earlier, fixed(0xff)) < timeOrderedId(later, fixed(0)));
      }),
    );
  });

  it('is 21 characters of base32hex that hold 48 bits of time and 56 random ones', () => {
    assert.equal(timeOrderedId(0, fixed(0)), '0'.repeat(21));
    assert.equal(timeOrderedId(2 ** 48 - 1, fixed(0xff)), `${'v'.repeat(20)}u`);
    const bits = [...timeOrderedId(0x0123456789ab, fixed(0xc3))]
      .map((character) => Number.parseInt(character, 32).toString(2).padStart(5, '0'))
      .join('');
    assert.equal(BigInt(`0b${bits.slice(0, 104)}`), 0x0123456789abc3c3c3c3c3c3c3n);
  });

  it('does not repeat within one millisecond', () => {
    const ids = new Set(Array.from({ length: 5000 }, () => timeOrderedId(now, random)));
    assert.equal(ids.size, 5000);
  });
});

describe('handles', () => {
  it('come back from their text', () => {
    const handle = createHandle(now, random);
    const text = formatHandle(handle);
    assert.match(text, /^[0-9a-v]{21}\.[A-Za-z0-9_-]{32}$/);
    assert.deepEqual(parseHandle(text), handle);
  });

  it('match their own digest alone, which does not contain the secret', () => {
    const handle = createHandle(now, random);
    const other = createHandle(now, random);
    const { id, digest } = digestHandle(handle);
    assert.equal(id, handle.id);
    assert.deepEqual(digest, sha256(handle.secret));
    assert.equal(handleMatches(handle, digest), true);
    assert.equal(handleMatches({ ...handle, secret: other.secret }, digest), false);
    assert.equal(handleMatches(handle, digest.subarray(1)), false);
  });

  it('carry 192 secret bits', () => {
    assert.equal(createHandle(now, random).secret.length, 32);
    assert.equal(encodeSecret(Uint8Array.of(0xfb, 0xff, 0xfe)), '-__-');
    assert.equal(
      encodeSecret(Uint8Array.of(9, 0xfb, 0xff, 0xfe, 9).subarray(1, 4)),
      '-__-',
      'a view of a larger buffer',
    );
  });

  it('refuse any other text without throwing', () => {
    const text = formatHandle(createHandle(now, random));
    for (const wrong of [
      '',
      '.',
      text.slice(1),
      `${text}A`,
      text.replace('.', '-'),
      text.toUpperCase(),
      `${text.slice(0, 53)}=`,
    ]) {
      assert.equal(parseHandle(wrong), undefined, wrong);
    }
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 60 }), (any) => {
        assert.equal(parseHandle(any), undefined);
      }),
    );
  });
});
