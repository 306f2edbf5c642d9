/** public-key: what it lets pass and what it finds. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { subjectKey } from '../../../../../../test/support/ca.ts';
import { finding } from '../../../../../../test/support/lint-samples.ts';
import { publicKey } from './public-key.ts';

test('good/the key that was asked for', () => {
  assert.equal(finding(publicKey, 'leaf'), undefined);
});

test('bad/another key', () => {
  assert.match(finding(publicKey, 'leaf', { tbs: { publicKeyInfo: subjectKey().publicKeyInfo } }) ?? '', /not the one/);
});
