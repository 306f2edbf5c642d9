import assert from 'node:assert/strict';
import { it } from 'node:test';
import { createRetryDelay } from './retry-delay.ts';

const constant = (byte: number) => ({ bytes: (length: number) => new Uint8Array(length).fill(byte) });

it('doubles from one second to ten minutes', () => {
  const delay = createRetryDelay(constant(255));
  assert.deepEqual([1, 2, 3, 10, 11, 60].map(delay), [1000, 2000, 4000, 512_000, 600_000, 600_000]);
});

it('is half as long at least, whatever the dice say', () => {
  const delay = createRetryDelay(constant(0));
  assert.deepEqual([1, 2, 3, 60].map(delay), [500, 1000, 2000, 300_000]);
});
