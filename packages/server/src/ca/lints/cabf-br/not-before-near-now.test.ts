/** not-before-near-now: what it lets pass and what it finds. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hour } from '@tegata/core/time/duration';
import { testStart } from '../../../../../../test/support/ca.ts';
import { finding } from '../../../../../../test/support/lint-samples.ts';
import { notBeforeNearNow } from './not-before-near-now.ts';

test('good/an hour ago', () => {
  assert.equal(finding(notBeforeNearNow, 'leaf'), undefined);
});

test('good/in 47 hours', () => {
  assert.equal(finding(notBeforeNearNow, 'leaf', { tbs: { notBefore: testStart + 47 * hour } }), undefined);
});

test('bad/three days ago', () => {
  assert.match(finding(notBeforeNearNow, 'leaf', { tbs: { notBefore: testStart - 72 * hour } }) ?? '', /48 hours/);
});

test('bad/in three days', () => {
  assert.match(finding(notBeforeNearNow, 'leaf', { tbs: { notBefore: testStart + 72 * hour } }) ?? '', /48 hours/);
});
