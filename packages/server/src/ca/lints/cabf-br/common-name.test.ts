/** common-name: what it lets pass and what it finds. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { oid } from '@tegata/core/codec/oid';
import { commonName as name, nameAttribute } from '@tegata/core/x509/name';
import { dnsName, finding } from '../../../../../../test/support/lint-samples.ts';
import { commonName } from './common-name.ts';

const long = `${'a'.repeat(60)}.example`;

test('good/one of the names', () => {
  assert.equal(finding(commonName, 'leaf'), undefined);
});

test('good/no subject', () => {
  assert.equal(finding(commonName, 'leaf', { tbs: { subject: [] } }), undefined);
});

test('bad/a name that is not among the others', () => {
  assert.match(finding(commonName, 'leaf', { tbs: { subject: name('b.example') } }) ?? '', /not among/);
});

test('bad/an organization beside it', () => {
  assert.match(
    finding(commonName, 'leaf', {
      tbs: { subject: [[nameAttribute(oid.organizationName, 'X')], ...name('a.example')] },
    }) ?? '',
    /more than a common name/,
  );
});

test('bad/no common name but an organization', () => {
  assert.match(
    finding(commonName, 'leaf', { tbs: { subject: [[nameAttribute(oid.organizationName, 'X')]] } }) ?? '',
    /more than a common name/,
  );
});

test('bad/more than 64 characters', () => {
  assert.match(
    finding(commonName, 'leaf', { names: [dnsName(long)], tbs: { subject: name(long) } }) ?? '',
    /64 characters/,
  );
});
