/** authority-key-identifier: what it lets pass and what it finds. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { oid } from '@tegata/core/codec/oid';
import { encodeAuthorityKeyIdentifier } from '@tegata/core/x509/extensions/authority-key-identifier';
import { finding } from '../../../../../../test/support/lint-samples.ts';
import { authorityKeyIdentifier } from './authority-key-identifier.ts';

test('good/the key identifier of the issuer', () => {
  assert.equal(finding(authorityKeyIdentifier, 'leaf'), undefined);
});

test('good/a root without', () => {
  assert.equal(finding(authorityKeyIdentifier, 'root'), undefined);
});

test('bad/an issuing CA without', () => {
  assert.match(finding(authorityKeyIdentifier, 'issuing', { without: [oid.authorityKeyIdentifier] }) ?? '', /missing/);
});

test('bad/another key identifier', () => {
  assert.match(
    finding(authorityKeyIdentifier, 'leaf', { with: [encodeAuthorityKeyIdentifier(new Uint8Array(20))] }) ?? '',
    /is not the key identifier/,
  );
});

test('bad/critical', () => {
  assert.match(
    finding(authorityKeyIdentifier, 'leaf', {
      with: [{ ...encodeAuthorityKeyIdentifier(new Uint8Array(20)), critical: true }],
    }) ?? '',
    /critical/,
  );
});

test('bad/no key identifier in it', () => {
  assert.match(
    finding(authorityKeyIdentifier, 'leaf', {
      with: [{ oid: oid.authorityKeyIdentifier, critical: false, value: Uint8Array.of(0x30, 0x00) }],
    }) ?? '',
    /has no key identifier/,
  );
});
