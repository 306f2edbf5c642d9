import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createGate } from './gate.ts';

/** A task that ends when told to. */
function task(): { readonly run: () => Promise<string>; readonly end: () => void; started: boolean } {
  const { promise, resolve } = Promise.withResolvers<string>();
  const made = {
    started: false,
    run: () => {
      made.started = true;
      return promise;
    },
    end: () => resolve('done'),
  };
  return made;
}

describe('gate', () => {
  const never = new AbortController().signal;

  it('runs as many at a time as there is room for, and the others in turn', async () => {
    const gate = createGate(1);
    const [first, second] = [task(), task()];
    const results = [gate.pass(never, first.run, () => 'left'), gate.pass(never, second.run, () => 'left')];
    assert.equal(second.started, false);
    first.end();
    assert.equal(await results[0], 'done');
    await new Promise((resolve) => setImmediate(resolve));
    assert.equal(second.started, true);
    second.end();
    assert.equal(await results[1], 'done');
  });

  it('lets those leave who have waited too long, without ever running them', async () => {
    const gate = createGate(1);
    const [first, second] = [task(), task()];
    const controller = new AbortController();
    const running = gate.pass(never, first.run, () => 'left');
    const waiting = gate.pass(controller.signal, second.run, () => 'left');
    controller.abort();
    assert.equal(await waiting, 'left');
    first.end();
    await running;
    assert.equal(second.started, false);
    assert.equal(await gate.pass(controller.signal, second.run, () => 'gone'), 'gone');
  });

  it('passes failures on and makes room again', async () => {
    const gate = createGate(1);
    await assert.rejects(
      gate.pass(
        never,
        () => Promise.reject(new Error('no')),
        () => 'left',
      ),
      /no/,
    );
    assert.equal(
      await gate.pass(
        never,
        async () => 'next',
        () => 'left',
      ),
      'next',
    );
  });
});
