/** serial-entropy: what it lets pass and what it finds. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { finding } from '../../../../../../test/support/lint-samples.ts';
import { serialEntropy } from './serial-entropy.ts';

test('good/16 octets', () => {
  assert.equal(finding(serialEntropy, 'leaf'), undefined);
});

test('bad/8 octets', () => {
  assert.match(
    finding(serialEntropy, 'leaf', { tbs: { serial: Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8) } }) ?? '',
    /8 octets/,
  );
});
