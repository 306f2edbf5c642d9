/** key-usage: what it lets pass and what it finds. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { oid } from '@tegata/core/codec/oid';
import { encodeKeyUsage } from '@tegata/core/x509/extensions/key-usage';
import { finding } from '../../../../../../test/support/lint-samples.ts';
import { keyUsage } from './key-usage.ts';

test('good/what the profile says', () => {
  assert.equal(finding(keyUsage, 'leaf'), undefined);
});

test('bad/nothing said', () => {
  assert.match(finding(keyUsage, 'leaf', { without: [oid.keyUsage] }) ?? '', /missing/);
});

test('bad/not critical', () => {
  assert.match(
    finding(keyUsage, 'leaf', { with: [{ ...encodeKeyUsage(['digitalSignature']), critical: false }] }) ?? '',
    /not critical/,
  );
});

test('bad/an EC key that enciphers', () => {
  assert.match(
    finding(keyUsage, 'leaf', { with: [encodeKeyUsage(['digitalSignature', 'keyEncipherment'])] }) ?? '',
    /cannot encipher/,
  );
});

test('bad/a leaf that signs certificates', () => {
  assert.match(
    finding(keyUsage, 'leaf', { with: [encodeKeyUsage(['digitalSignature', 'keyCertSign'])] }) ?? '',
    /may not sign/,
  );
});

test('bad/more than the profile says', () => {
  assert.match(
    finding(keyUsage, 'leaf', { with: [encodeKeyUsage(['digitalSignature', 'contentCommitment'])] }) ?? '',
    /profile says digitalSignature/,
  );
});
