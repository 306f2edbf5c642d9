/** key-strength: what it lets pass and what it finds. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { finding, sampleContext } from '../../../../../../test/support/lint-samples.ts';
import { keyStrength } from './key-strength.ts';

const rsa = (bits: number) => ({ ...sampleContext('leaf').publicKey, kind: 'RSA' as const, bits });

test('good/P-256', () => {
  assert.equal(finding(keyStrength, 'leaf'), undefined);
});

test('good/RSA of 3072 bits', () => {
  assert.equal(finding(keyStrength, 'leaf', { context: { publicKey: rsa(3072) } }), undefined);
});

test('bad/RSA of 1024 bits', () => {
  assert.match(finding(keyStrength, 'leaf', { context: { publicKey: rsa(1024) } }) ?? '', /1024/);
});

test('bad/RSA of 2049 bits', () => {
  assert.match(finding(keyStrength, 'leaf', { context: { publicKey: rsa(2049) } }) ?? '', /2049/);
});
