/** revocation-pointer: what it lets pass and what it finds. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { oid } from '@tegata/core/codec/oid';
import { day } from '@tegata/core/time/duration';
import { encodeCrlDistributionPoints } from '@tegata/core/x509/extensions/crl-distribution-points';
import { testStart } from '../../../../../../test/support/ca.ts';
import { finding } from '../../../../../../test/support/lint-samples.ts';
import { revocationPointer } from './revocation-pointer.ts';

test('good/an http address', () => {
  assert.equal(finding(revocationPointer, 'leaf'), undefined);
});

test('good/none in a certificate of 6 days', () => {
  assert.equal(
    finding(revocationPointer, 'leaf', {
      without: [oid.crlDistributionPoints],
      tbs: { notAfter: testStart + 6 * day },
    }),
    undefined,
  );
});

test('good/none in a root', () => {
  assert.equal(finding(revocationPointer, 'root'), undefined);
});

test('bad/none in a certificate of 90 days', () => {
  assert.match(finding(revocationPointer, 'leaf', { without: [oid.crlDistributionPoints] }) ?? '', /missing/);
});

test('bad/an https address', () => {
  assert.match(
    finding(revocationPointer, 'leaf', { with: [encodeCrlDistributionPoints(['https://ca.example/1.crl'])] }) ?? '',
    /http/,
  );
});
