import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { fail, ok, unwrap } from './result.ts';

describe('Result', () => {
  it('carries a value, nothing, or a fault', () => {
    assert.deepEqual(ok(1), { ok: true, value: 1 });
    assert.deepEqual(ok(), { ok: true, value: undefined });
    assert.deepEqual(fail('x'), { ok: false, error: 'x' });
  });

  it('unwraps a success and throws the fault of a failure', () => {
    assert.equal(unwrap(ok(7)), 7);
    assert.throws(() => unwrap(fail({ code: 'gone' })), /unexpected failure: \{"code":"gone"\}/);
  });
});
