/** validity-within-profile: what it lets pass and what it finds. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { day, second } from '@tegata/core/time/duration';
import { finding, sample } from '../../../../../../test/support/lint-samples.ts';
import { validityWithinProfile } from './validity-within-profile.ts';

test('good/90 days, the last second included', () => {
  assert.equal(finding(validityWithinProfile, 'leaf'), undefined);
});

test('bad/a second more', () => {
  assert.match(
    finding(validityWithinProfile, 'leaf', { tbs: { notAfter: sample('leaf').certificate.notAfter + second } }) ?? '',
    /7776001 s where 7776000 s/,
  );
});

test('bad/a CA that outlives what was meant', () => {
  assert.match(
    finding(validityWithinProfile, 'root', { context: { intended: { kind: 'root', validity: day } } }) ?? '',
    /86400 s are allowed/,
  );
});
