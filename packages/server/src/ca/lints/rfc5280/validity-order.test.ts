/** validity-order: what it lets pass and what it finds. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hour } from '@tegata/core/time/duration';
import { testStart } from '../../../../../../test/support/ca.ts';
import { finding } from '../../../../../../test/support/lint-samples.ts';
import { validityOrder } from './validity-order.ts';

test('good/an end after the beginning', () => {
  assert.equal(finding(validityOrder, 'leaf'), undefined);
});

test('bad/an end before the beginning', () => {
  assert.match(finding(validityOrder, 'leaf', { tbs: { notAfter: testStart - 2 * hour } }) ?? '', /not later/);
});

test('bad/an end that is the beginning', () => {
  assert.match(
    finding(validityOrder, 'leaf', { tbs: { notBefore: testStart, notAfter: testStart } }) ?? '',
    /not later/,
  );
});
