/** ext-key-usage: what it lets pass and what it finds. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { oid } from '@tegata/core/codec/oid';
import { encodeExtKeyUsage } from '@tegata/core/x509/extensions/ext-key-usage';
import { finding } from '../../../../../../test/support/lint-samples.ts';
import { extKeyUsage } from './ext-key-usage.ts';

test('good/what the profile says', () => {
  assert.equal(finding(extKeyUsage, 'leaf'), undefined);
});

test('bad/nothing said', () => {
  assert.match(finding(extKeyUsage, 'leaf', { without: [oid.extKeyUsage] }) ?? '', /missing/);
});

test('bad/critical', () => {
  assert.match(
    finding(extKeyUsage, 'leaf', { with: [{ ...encodeExtKeyUsage([oid.serverAuth]), critical: true }] }) ?? '',
    /critical/,
  );
});

test('bad/one purpose too many', () => {
  assert.match(
    finding(extKeyUsage, 'leaf', { with: [encodeExtKeyUsage([oid.serverAuth, oid.clientAuth])] }) ?? '',
    /profile says/,
  );
});

test('bad/another purpose', () => {
  assert.match(finding(extKeyUsage, 'leaf', { with: [encodeExtKeyUsage([oid.clientAuth])] }) ?? '', /profile says/);
});
