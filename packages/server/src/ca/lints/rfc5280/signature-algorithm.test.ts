/** signature-algorithm: what it lets pass and what it finds. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { finding } from '../../../../../../test/support/lint-samples.ts';
import { signatureAlgorithm } from './signature-algorithm.ts';

test('good/the algorithm of the issuer', () => {
  assert.equal(finding(signatureAlgorithm, 'leaf'), undefined);
});

test('bad/another algorithm than the issuer signs with', () => {
  assert.match(finding(signatureAlgorithm, 'leaf', { tbs: { algorithm: 'ES384' } }) ?? '', /not that of the issuer/);
});
