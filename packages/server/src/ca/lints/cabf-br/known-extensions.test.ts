/** known-extensions: what it lets pass and what it finds. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { encodeCrlDistributionPoints } from '@tegata/core/x509/extensions/crl-distribution-points';
import { finding } from '../../../../../../test/support/lint-samples.ts';
import { knownExtensions } from './known-extensions.ts';

test('good/those of the profile', () => {
  assert.equal(finding(knownExtensions, 'leaf'), undefined);
});

test('good/those of a CA', () => {
  assert.equal(finding(knownExtensions, 'issuing'), undefined);
});

test('bad/an extension nobody asked for', () => {
  assert.match(
    finding(knownExtensions, 'leaf', { with: [{ oid: '1.2.3.4', critical: false, value: Uint8Array.of(5, 0) }] }) ?? '',
    /1\.2\.3\.4 is not expected/,
  );
});

test('bad/a critical extension nobody knows', () => {
  assert.match(
    finding(knownExtensions, 'leaf', { with: [{ oid: '1.2.3.4', critical: true, value: Uint8Array.of(5, 0) }] }) ?? '',
    /1\.2\.3\.4 is critical/,
  );
});

test('bad/a known extension that may not be critical', () => {
  assert.match(
    finding(knownExtensions, 'leaf', {
      with: [{ ...encodeCrlDistributionPoints(['http://ca.example/1.crl']), critical: true }],
    }) ?? '',
    /is critical/,
  );
});
