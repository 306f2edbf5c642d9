/** ca-subject: what it lets pass and what it finds. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { finding } from '../../../../../../test/support/lint-samples.ts';
import { caSubject } from './ca-subject.ts';

test('good/a named CA', () => {
  assert.equal(finding(caSubject, 'issuing'), undefined);
});

test('bad/a CA without a name', () => {
  assert.match(finding(caSubject, 'issuing', { tbs: { subject: [] } }) ?? '', /empty/);
});
