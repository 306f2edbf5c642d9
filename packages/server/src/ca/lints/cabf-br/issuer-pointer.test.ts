/** issuer-pointer: what it lets pass and what it finds. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { oid } from '@tegata/core/codec/oid';
import { encodeAuthorityInfoAccess } from '@tegata/core/x509/extensions/authority-info-access';
import { finding } from '../../../../../../test/support/lint-samples.ts';
import { issuerPointer } from './issuer-pointer.ts';

test('good/an http address', () => {
  assert.equal(finding(issuerPointer, 'leaf'), undefined);
});

test('bad/none where the profile wants one', () => {
  assert.match(finding(issuerPointer, 'leaf', { without: [oid.authorityInfoAccess] }) ?? '', /missing/);
});

test('bad/an https address', () => {
  assert.match(
    finding(issuerPointer, 'leaf', {
      with: [encodeAuthorityInfoAccess({ ocsp: [], caIssuers: ['https://ca.example/1.crt'] })],
    }) ?? '',
    /http/,
  );
});
