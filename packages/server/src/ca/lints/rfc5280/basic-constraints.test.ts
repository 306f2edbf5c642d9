/** basic-constraints: what it lets pass and what it finds. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { oid } from '@tegata/core/codec/oid';
import { encodeBasicConstraints } from '@tegata/core/x509/extensions/basic-constraints';
import { finding } from '../../../../../../test/support/lint-samples.ts';
import { basicConstraints } from './basic-constraints.ts';

test('good/a leaf that is no CA', () => {
  assert.equal(finding(basicConstraints, 'leaf'), undefined);
});

test('good/a root', () => {
  assert.equal(finding(basicConstraints, 'root'), undefined);
});

test('good/an issuing CA with path length 0', () => {
  assert.equal(finding(basicConstraints, 'issuing'), undefined);
});

test('bad/nothing said', () => {
  assert.match(finding(basicConstraints, 'leaf', { without: [oid.basicConstraints] }) ?? '', /missing/);
});

test('bad/a leaf that is a CA', () => {
  assert.match(finding(basicConstraints, 'leaf', { with: [encodeBasicConstraints({ ca: true })] }) ?? '', /cA true/);
});

test('bad/a CA that is none', () => {
  assert.match(
    finding(basicConstraints, 'issuing', { with: [encodeBasicConstraints({ ca: false })] }) ?? '',
    /cA false/,
  );
});

test('bad/an issuing CA that may make others', () => {
  assert.match(
    finding(basicConstraints, 'issuing', { with: [encodeBasicConstraints({ ca: true })] }) ?? '',
    /path length/,
  );
});

test('bad/not critical', () => {
  assert.match(
    finding(basicConstraints, 'issuing', {
      with: [{ ...encodeBasicConstraints({ ca: true, pathLength: 0 }), critical: false }],
    }) ?? '',
    /not critical/,
  );
});
