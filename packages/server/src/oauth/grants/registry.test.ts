import assert from 'node:assert/strict';
import { test } from 'node:test';
import { builtinGrants, createGrantRegistry } from './registry.ts';

test('grants are found by their exact name, and two of one name stop the start', () => {
  const registry = createGrantRegistry(builtinGrants);
  assert.deepEqual(registry.grantTypes, ['authorization_code', 'refresh_token', 'client_credentials']);
  assert.equal(registry.find('refresh_token')?.grantType, 'refresh_token');
  for (const name of ['password', 'implicit', 'REFRESH_TOKEN', '__proto__', '']) {
    assert.equal(registry.find(name), undefined, name);
  }
  assert.throws(() => createGrantRegistry([...builtinGrants, ...builtinGrants.slice(0, 1)]), /authorization_code/);
});
