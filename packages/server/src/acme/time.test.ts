import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { formatTime, parseTime } from './time.ts';

describe('RFC 3339 times', () => {
  const read: readonly [string, string][] = [
    ['2026-11-23T10:00:00Z', '2026-11-23T10:00:00Z'],
    ['2026-11-23t10:00:00z', '2026-11-23T10:00:00Z'],
    ['2026-11-23T10:00:00.999999999Z', '2026-11-23T10:00:00Z'],
    ['2026-11-23T10:00:00+09:00', '2026-11-23T01:00:00Z'],
    ['2024-02-29T00:00:00Z', '2024-02-29T00:00:00Z'],
  ];
  for (const [text, normal] of read) {
    it(`reads ${text}`, () => assert.equal(formatTime(parseTime(text) as number), normal));
  }
  for (const text of [
    '',
    '2026-11-23',
    '2026-11-23T10:00:00',
    '2026-11-23 10:00:00Z',
    '2026-02-30T00:00:00Z',
    '2025-02-29T00:00:00Z',
    '2026-13-01T00:00:00Z',
    '2026-11-23T25:00:00Z',
    '2026-11-23T10:61:00Z',
    '2026-11-23T10:00:00.Z',
    '2026-11-23T10:00:00+9:00',
    '+002026-11-23T10:00:00Z',
  ]) {
    it(`refuses ${JSON.stringify(text)}`, () => assert.equal(parseTime(text), undefined));
  }
  it('reads what it writes', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 4_102_444_800 }), (seconds) => {
        assert.equal(parseTime(formatTime(seconds * 1000)), seconds * 1000);
      }),
    );
  });
});
