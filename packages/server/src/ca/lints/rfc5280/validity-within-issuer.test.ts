/** validity-within-issuer: what it lets pass and what it finds. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { testStart } from '../../../../../../test/support/ca.ts';
import { finding, sampleContext } from '../../../../../../test/support/lint-samples.ts';
import { validityWithinIssuer } from './validity-within-issuer.ts';

test('good/an end before that of the issuer', () => {
  assert.equal(finding(validityWithinIssuer, 'leaf'), undefined);
});

test('bad/an end after that of the issuer', () => {
  assert.match(
    finding(validityWithinIssuer, 'leaf', {
      context: { issuer: { ...sampleContext('leaf').issuer, notAfter: testStart } },
    }) ?? '',
    /later than that of the issuer/,
  );
});
