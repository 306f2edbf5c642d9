import assert from 'node:assert/strict';
import { test } from 'node:test';
import { narrowScopes, parseScope } from './scope.ts';

test('a scope is read as names separated by single spaces, each once, in order', () => {
  assert.deepEqual(parseScope('openid profile openid api:read'), {
    ok: true,
    value: ['openid', 'profile', 'api:read'],
  });
});

test('a scope with anything else in it is invalid_scope', () => {
  const many = Array.from({ length: 101 }, (_, at) => `s${at}`).join(' ');
  for (const text of ['', ' ', 'a  b', ' a', 'a ', 'a\tb', 'a"b', 'a\\b', 'é', 'a\u0000', 'x'.repeat(201), many]) {
    const parsed = parseScope(text);
    assert.ok(!parsed.ok, JSON.stringify(text));
    assert.equal(parsed.error.code, 'invalid_scope');
  }
});

test('scopes are only ever narrowed', () => {
  assert.deepEqual(narrowScopes(undefined, ['a', 'b']), { ok: true, value: ['a', 'b'] });
  assert.deepEqual(narrowScopes(['b'], ['a', 'b']), { ok: true, value: ['b'] });
  const wider = narrowScopes(['b', 'c'], ['a', 'b']);
  assert.equal(wider.ok ? '' : wider.error.code, 'invalid_scope');
});
