import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { systemRandom } from '@tegata/core/random';
import { LostRace } from '../unit.ts';
import { isLostConnection, isLostRace } from './postgres-error.ts';
import { withRetries } from './retry.ts';

const failing = (code: string) => Object.assign(new Error(`failed with ${code}`), { code });

describe('retries', () => {
  const run = async (errors: readonly Error[]) => {
    const left = [...errors];
    const pauses: number[] = [];
    let attempts = 0;
    const deps = {
      random: systemRandom(),
      wait: async (milliseconds: number) => {
        pauses.push(milliseconds);
      },
    };
    const work = async () => {
      attempts++;
      const error = left.shift();
      if (error !== undefined) throw error;
      return 'done';
    };
    const result = await withRetries(deps, work, isLostRace).catch((error: Error) => error.message);
    return { result, attempts, pauses };
  };

  it('run a unit again that lost a race, with growing pauses', async () => {
    const { result, attempts, pauses } = await run([failing('40001'), failing('40P01'), new LostRace('late')]);
    assert.deepEqual([result, attempts], ['done', 4]);
    assert.ok(
      pauses.every((pause, at) => pause >= 0 && pause <= 4 * 2 ** at),
      `pauses of ${pauses}`,
    );
  });

  it('give up after five of them', async () => {
    const { result, attempts } = await run(Array(10).fill(failing('40001')));
    assert.deepEqual([result, attempts], ['failed with 40001', 6]);
  });

  it('do not repeat a defect', async () => {
    const { result, attempts } = await run([failing('42601')]);
    assert.deepEqual([result, attempts], ['failed with 42601', 1]);
  });
});

describe('errors of the connection', () => {
  const lost = [failing('ECONNREFUSED'), failing('08006'), failing('57P01'), new Error('Connection terminated')];
  for (const error of lost) it(`${error.message} means it is lost`, () => assert.equal(isLostConnection(error), true));
  const other = [failing('23514'), failing('40001'), new Error('x'), undefined];
  for (const error of other) it(`${error?.message} does not`, () => assert.equal(isLostConnection(error), false));
});
