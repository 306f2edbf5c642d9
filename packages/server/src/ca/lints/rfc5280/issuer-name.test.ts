/** issuer-name: what it lets pass and what it finds. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { oid } from '@tegata/core/codec/oid';
import { nameAttribute } from '@tegata/core/x509/name';
import { finding } from '../../../../../../test/support/lint-samples.ts';
import { issuerName } from './issuer-name.ts';

test('good/the subject of the issuer', () => {
  assert.equal(finding(issuerName, 'leaf'), undefined);
});

test('bad/an empty issuer', () => {
  assert.match(finding(issuerName, 'leaf', { tbs: { issuer: [] } }) ?? '', /empty/);
});

test('bad/the same text in another encoding', () => {
  assert.match(
    finding(issuerName, 'leaf', {
      tbs: { issuer: [[{ ...nameAttribute(oid.commonName, 'Test Issuing CA'), encoding: 'PrintableString' }]] },
    }) ?? '',
    /differs/,
  );
});
