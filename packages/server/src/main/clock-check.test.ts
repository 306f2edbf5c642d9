import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { minute } from '@tegata/core/time/duration';
import { describeClockFault } from './clock-check.ts';

const now = Date.UTC(2026, 0, 1);

describe('clock check', () => {
  it('has nothing to say about a past trace, or one that differs as the clocks of two nodes may', () => {
    assert.equal(describeClockFault(now, now - minute), undefined);
    assert.equal(describeClockFault(now, now + 5 * minute), undefined);
  });

  it('names both times and the remedy when the store was in use later than now', () => {
    const fault = describeClockFault(now, now + 6 * minute) ?? '';
    assert.match(fault, /2026-01-01T00:00:00.000Z.*2026-01-01T00:06:00.000Z.*NTP/);
  });
});
