/** subject-alt-name: what it lets pass and what it finds. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { oid } from '@tegata/core/codec/oid';
import { encodeSubjectAltName } from '@tegata/core/x509/extensions/subject-alt-name';
import { finding, orderedNames } from '../../../../../../test/support/lint-samples.ts';
import { subjectAltName } from './subject-alt-name.ts';

test('good/names beside a subject', () => {
  assert.equal(finding(subjectAltName, 'leaf'), undefined);
});

test('good/critical names without a subject', () => {
  assert.equal(
    finding(subjectAltName, 'leaf', { tbs: { subject: [] }, with: [encodeSubjectAltName(orderedNames, true)] }),
    undefined,
  );
});

test('bad/no names', () => {
  assert.match(finding(subjectAltName, 'leaf', { without: [oid.subjectAltName] }) ?? '', /missing/);
});

test('bad/names that are not critical without a subject', () => {
  assert.match(finding(subjectAltName, 'leaf', { tbs: { subject: [] } }) ?? '', /not critical/);
});

test('bad/critical names beside a subject', () => {
  assert.match(
    finding(subjectAltName, 'leaf', { with: [encodeSubjectAltName(orderedNames, true)] }) ?? '',
    /is critical/,
  );
});
