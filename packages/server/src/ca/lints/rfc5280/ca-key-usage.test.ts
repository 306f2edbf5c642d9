/** ca-key-usage: what it lets pass and what it finds. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { oid } from '@tegata/core/codec/oid';
import { encodeKeyUsage } from '@tegata/core/x509/extensions/key-usage';
import { finding } from '../../../../../../test/support/lint-samples.ts';
import { caKeyUsage } from './ca-key-usage.ts';

test('good/certificates and CRLs', () => {
  assert.equal(finding(caKeyUsage, 'issuing'), undefined);
});

test('bad/nothing said', () => {
  assert.match(finding(caKeyUsage, 'root', { without: [oid.keyUsage] }) ?? '', /missing/);
});

test('bad/not critical', () => {
  assert.match(
    finding(caKeyUsage, 'root', { with: [{ ...encodeKeyUsage(['keyCertSign', 'cRLSign']), critical: false }] }) ?? '',
    /not critical/,
  );
});

test('bad/a CA that cannot sign CRLs', () => {
  assert.match(finding(caKeyUsage, 'root', { with: [encodeKeyUsage(['keyCertSign'])] }) ?? '', /keyCertSign/);
});

test('bad/a CA that signs documents as well', () => {
  assert.match(
    finding(caKeyUsage, 'root', { with: [encodeKeyUsage(['digitalSignature', 'keyCertSign', 'cRLSign'])] }) ?? '',
    /digitalSignature/,
  );
});
