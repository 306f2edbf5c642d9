import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createReadiness } from './readiness.ts';

const never = new Promise<void>(() => {});
const atOnce = { sleep: () => Promise.resolve() };
const patient = { sleep: () => never };

describe('readiness', () => {
  it('is ready when the store answers', async () => {
    const ready = createReadiness({ store: { ping: async () => {} }, timer: patient, stopping: () => false });
    assert.deepEqual(await ready(), { ready: true, detail: 'ready' });
  });

  it('is not ready when the store fails, and keeps the reason to itself', async () => {
    const ping = async () => Promise.reject(new Error('password wrong for db.internal'));
    const ready = createReadiness({ store: { ping }, timer: patient, stopping: () => false });
    assert.deepEqual(await ready(), { ready: false, detail: 'The store reports an error.' });
  });

  it('is not ready when the store hangs, and says so instead of hanging itself', async () => {
    const ready = createReadiness({ store: { ping: () => never }, timer: atOnce, stopping: () => false });
    assert.equal((await ready()).ready, false);
  });

  it('is not ready while stopping, without asking the store', async () => {
    const ping = () => assert.fail('the store was asked');
    const ready = createReadiness({ store: { ping }, timer: patient, stopping: () => true });
    assert.deepEqual(await ready(), { ready: false, detail: 'The server is stopping.' });
  });
});
