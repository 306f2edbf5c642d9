import assert from 'node:assert/strict';
import { test } from 'node:test';
import { unwrap } from '../../result.ts';
import { encodeAuthorityInfoAccess, parseAuthorityInfoAccess } from './authority-info-access.ts';

test('URLs of both kinds come back', () => {
  const access = { ocsp: ['http://ocsp.test/'], caIssuers: ['http://ca.test/a.crt', 'http://ca.test/b.crt'] };
  const extension = encodeAuthorityInfoAccess(access);
  assert.equal(extension.critical, false);
  assert.deepEqual(unwrap(parseAuthorityInfoAccess(extension.value)), access);
});

test('other methods, and places that are no URLs, are left out', () => {
  const otherMethod = '300706022a03860161';
  const ocspByName = '300d06082b06010505073001820161';
  const value = Buffer.from(`3018${otherMethod}${ocspByName}`, 'hex');
  assert.deepEqual(unwrap(parseAuthorityInfoAccess(value)), { ocsp: [], caIssuers: [] });
});

test('fail/no descriptions, fail/description without a place', () => {
  for (const hex of ['3000', '300c300a06082b06010505073001'])
    assert.ok(!parseAuthorityInfoAccess(Buffer.from(hex, 'hex')).ok, hex);
});
