import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { fail, ok, type Result } from '@tegata/core/result';
import type { ValidationFault } from '../challenges/challenge-type.ts';
import { acmeProblem } from '../problems.ts';
import { withRetries } from './retry.ts';

const never = new AbortController().signal;
const policy = { delays: [10, 20], tryTimeout: 60_000 };

/** Runs through these outcomes; how often it was tried and how long it slept. */
async function run(outcomes: readonly Result<string, ValidationFault>[], signal = never) {
  const slept: number[] = [];
  let tried = 0;
  const timer = { sleep: async (milliseconds: number) => void slept.push(milliseconds) };
  const result = await withRetries(async () => outcomes[tried++] ?? ok('late'), policy, timer, signal);
  return { result: result.ok ? result.value : 'failed', tried, slept };
}

const lost = fail({ problem: acmeProblem('connection'), transient: true });
const wrong = fail({ problem: acmeProblem('incorrectResponse'), transient: false });

describe('retries', () => {
  it('stop at the first success', async () => {
    assert.deepEqual(await run([lost, ok('here')]), { result: 'here', tried: 2, slept: [10] });
  });
  it('stop at a fault that will stay', async () => {
    assert.deepEqual(await run([lost, wrong]), { result: 'failed', tried: 2, slept: [10] });
  });
  it('stop when they are used up', async () => {
    assert.deepEqual(await run([lost, lost, lost]), { result: 'failed', tried: 3, slept: [10, 20] });
  });
  it('stop when the process does', async () => {
    assert.deepEqual(await run([lost, lost], AbortSignal.abort()), { result: 'failed', tried: 1, slept: [] });
  });
  it('give each try an end', async () => {
    const timer = { sleep: async () => {} };
    const tries: boolean[] = [];
    const attempt = (signal: AbortSignal) =>
      new Promise<Result<string, ValidationFault>>((resolve) => {
        signal.addEventListener('abort', () => {
          tries.push(true);
          resolve(lost);
        });
      });
    await withRetries(attempt, { delays: [1], tryTimeout: 1 }, timer, never);
    assert.deepEqual(tries, [true, true]);
  });
});
