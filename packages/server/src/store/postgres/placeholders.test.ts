import assert from 'node:assert/strict';
import { it } from 'node:test';
import { createTextCache } from './placeholders.ts';

it('rewrites ?1 to $1 wherever it stands, and names each text once', () => {
  const textOf = createTextCache();
  const first = textOf('UPDATE t SET a = ?2, b = ?12 WHERE id IN (?1, ?2)');
  assert.equal(first.text, 'UPDATE t SET a = $2, b = $12 WHERE id IN ($1, $2)');
  assert.equal(textOf('UPDATE t SET a = ?2, b = ?12 WHERE id IN (?1, ?2)'), first);
  assert.notEqual(textOf('SELECT ?1').name, first.name);
});

it('does not prepare what has no parameters', () => {
  assert.deepEqual(createTextCache()('SELECT 1'), { text: 'SELECT 1' });
});
