import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { AuditEvent } from '../ports/audit.ts';
import { createAuditTrail } from './audit-trail.ts';

const event = (at: number): AuditEvent => ({ at, event: 'login.succeeded' });
const turn = () => new Promise((resolve) => setImmediate(resolve));

function setUp(options: { readonly capacity?: number } = {}) {
  const batches: (readonly AuditEvent[])[] = [];
  const errors: string[] = [];
  let dropped = 0;
  const state = { failing: false };
  const log = { debug() {}, info() {}, warn() {}, error: (_: object, message: string) => void errors.push(message) };
  const trail = createAuditTrail({
    store: {
      append: async (events) => {
        if (state.failing) throw new Error('disk full');
        batches.push(events);
      },
    },
    metrics: { count: () => void dropped++ },
    log,
    timer: { sleep: (_, signal) => (signal?.aborted === true ? Promise.resolve() : turn().then(() => {})) },
    ...options,
  });
  return { trail, batches, errors, state, dropped: () => dropped };
}

describe('audit trail', () => {
  it('writes a burst in one batch, in order', async () => {
    const { trail, batches } = setUp();
    for (let at = 0; at < 300; at++) trail.record(event(at));
    await trail.close();
    assert.equal(batches.length, 1);
    assert.deepEqual(
      batches[0],
      Array.from({ length: 300 }, (_, at) => event(at)),
    );
  });

  it('bounds a batch', async () => {
    const { trail, batches } = setUp();
    for (let at = 0; at < 1_200; at++) trail.record(event(at));
    await trail.close();
    assert.deepEqual(
      batches.map(({ length }) => length),
      [500, 500, 200],
    );
  });

  it('keeps events while the store fails and writes each once when it works again', async () => {
    const { trail, batches, errors, state } = setUp();
    state.failing = true;
    trail.record(event(1));
    for (let at = 0; at < 10; at++) await turn();
    trail.record(event(2));
    state.failing = false;
    await trail.close();
    assert.deepEqual(batches.flat(), [event(1), event(2)]);
    assert.equal(errors.length, 1, 'one message for one outage');
  });

  it('drops and counts what does not fit, and never throws', async () => {
    const { trail, batches, state, dropped } = setUp({ capacity: 5 });
    state.failing = true;
    for (let at = 0; at < 8; at++) trail.record(event(at));
    assert.equal(dropped(), 3);
    state.failing = false;
    await trail.close();
    assert.equal(batches.flat().length, 5);
  });

  it('closes even when the store stays broken, and counts the loss', async () => {
    const { trail, errors, state, dropped } = setUp();
    state.failing = true;
    trail.record(event(1));
    await trail.close();
    assert.equal(dropped(), 1);
    assert.match(errors.at(-1) ?? '', /lost/);
    trail.record(event(2));
    assert.equal(dropped(), 2, 'after closing nothing is taken any more');
  });
});
