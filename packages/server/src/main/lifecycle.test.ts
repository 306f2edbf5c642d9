import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createLifecycle } from './lifecycle.ts';
import { systemTimer } from './system-timer.ts';

function setUp(sleep: (milliseconds: number, signal?: AbortSignal) => Promise<void> = () => new Promise(() => {})) {
  const said: string[] = [];
  const say = (_fields: object, message: string) => void said.push(message);
  const log = { debug: say, info: say, warn: say, error: say };
  return { said, lifecycle: createLifecycle(log, { sleep }) };
}

describe('lifecycle', () => {
  it('stops the youngest part first, and each only when the one before is done', async () => {
    const { lifecycle } = setUp();
    const order: string[] = [];
    lifecycle.onStop('store', () => void order.push('store'));
    lifecycle.onStop('jobs', async () => {
      await new Promise((resolve) => setImmediate(resolve));
      order.push('jobs');
    });
    await lifecycle.stop();
    assert.deepEqual(order, ['jobs', 'store']);
  });

  it('stops once, however often it is asked', async () => {
    const { lifecycle } = setUp();
    let stops = 0;
    lifecycle.onStop('part', () => void stops++);
    assert.equal(lifecycle.stopping(), false);
    await Promise.all([lifecycle.stop(), lifecycle.stop()]);
    assert.equal(lifecycle.stopping(), true);
    assert.equal(stops, 1);
  });

  it('goes on when a part fails, and says so', async () => {
    const { lifecycle, said } = setUp();
    let stopped = false;
    lifecycle.onStop('older', () => {
      stopped = true;
    });
    lifecycle.onStop('failing', () => Promise.reject(new Error('broken')));
    await lifecycle.stop();
    assert.equal(stopped, true);
    assert.deepEqual(said, ['A part of the server did not stop cleanly.']);
  });

  it('leaves a part behind that takes too long', async () => {
    const { lifecycle, said } = setUp(async () => {});
    lifecycle.onStop('hanging', () => new Promise(() => {}));
    await lifecycle.stop();
    assert.deepEqual(said, ['A part of the server took too long to stop.']);
  });
});

describe('system timer', () => {
  it('ends at once for a signal that is aborted, before or while it sleeps', async () => {
    await systemTimer.sleep(3_600_000, AbortSignal.abort());
    const controller = new AbortController();
    const sleeping = systemTimer.sleep(3_600_000, controller.signal);
    controller.abort();
    await sleeping;
  });
});
