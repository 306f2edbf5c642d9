/** subject-key-identifier: what it lets pass and what it finds. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { oid } from '@tegata/core/codec/oid';
import { encodeSubjectKeyIdentifier } from '@tegata/core/x509/extensions/subject-key-identifier';
import { finding } from '../../../../../../test/support/lint-samples.ts';
import { subjectKeyIdentifier } from './subject-key-identifier.ts';

test('good/the digest of the key', () => {
  assert.equal(finding(subjectKeyIdentifier, 'leaf'), undefined);
});

test('good/a leaf without', () => {
  assert.equal(finding(subjectKeyIdentifier, 'leaf', { without: [oid.subjectKeyIdentifier] }), undefined);
});

test('bad/a CA without', () => {
  assert.match(finding(subjectKeyIdentifier, 'root', { without: [oid.subjectKeyIdentifier] }) ?? '', /missing/);
});

test('bad/another digest', () => {
  assert.match(
    finding(subjectKeyIdentifier, 'root', { with: [encodeSubjectKeyIdentifier(new Uint8Array(20))] }) ?? '',
    /not that of the key/,
  );
});

test('bad/critical', () => {
  assert.match(
    finding(subjectKeyIdentifier, 'root', {
      with: [{ ...encodeSubjectKeyIdentifier(new Uint8Array(20)), critical: true }],
    }) ?? '',
    /critical/,
  );
});
