import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { startChores } from './periodic.ts';

const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

function setUp() {
  const said: string[] = [];
  const say = (_fields: object, message: string) => void said.push(message);
  const log = { debug: say, info: say, warn: say, error: say };
  const sleeps: number[] = [];
  const timer = {
    sleep: (milliseconds: number, signal?: AbortSignal) => {
      sleeps.push(milliseconds);
      return signal?.aborted === true ? Promise.resolve() : turn();
    },
  };
  return { said, log, timer, sleeps };
}

describe('chores', () => {
  it('wait their interval before the first run and between runs, and never overlap', async () => {
    const { log, timer, sleeps } = setUp();
    let running = 0;
    let most = 0;
    let runs = 0;
    const work = async () => {
      running += 1;
      most = Math.max(most, running);
      await turn();
      await turn();
      running -= 1;
      runs += 1;
    };
    const stop = startChores([{ name: 'sweep', every: 1_000, work }], log, timer);
    while (runs < 3) await turn();
    await stop();
    assert.equal(most, 1);
    assert.deepEqual(new Set(sleeps), new Set([1_000]));
  });

  it('go on after failures, and an outage is said once', async () => {
    const { log, timer, said } = setUp();
    let runs = 0;
    const work = async () => {
      runs += 1;
      if (runs <= 3) throw new Error('store is down');
    };
    const stop = startChores([{ name: 'poll', every: 10, work }], log, timer);
    while (runs < 5) await turn();
    await stop();
    assert.deepEqual(said, ['Background work failed; it will be tried again.']);
  });

  it('are done when stopping resolves', async () => {
    const { log, timer } = setUp();
    let finished = false;
    let started = false;
    const work = async () => {
      started = true;
      for (let at = 0; at < 5; at++) await turn();
      finished = true;
    };
    const stop = startChores([{ name: 'long', every: 10, work }], log, timer);
    while (!started) await turn();
    await stop();
    assert.equal(finished, true);
  });
});
