import assert from 'node:assert/strict';
import { test } from 'node:test';
import { encodeHex } from '../../codec/hex.ts';
import { unwrap } from '../../result.ts';
import { encodeCertificatePolicies, parseCertificatePolicies } from './certificate-policies.ts';

const parse = (hex: string) => parseCertificatePolicies(Buffer.from(hex, 'hex'));

test('policies come back', () => {
  const policies = ['2.23.140.1.2.1', '1.2.3'];
  const extension = encodeCertificatePolicies(policies);
  assert.equal(extension.critical, false);
  assert.deepEqual(unwrap(parseCertificatePolicies(extension.value)), policies);
  assert.equal(encodeHex(encodeCertificatePolicies(['2.23.140.1.2.1']).value), '300a3008060667810c010201');
});

test('qualifiers are passed over', () => {
  assert.deepEqual(unwrap(parse('300a300806022a0330023000')), ['1.2.3']);
});

test('fail/no policies, fail/the same one twice', () => {
  assert.ok(!parse('3000').ok);
  const twice = parse('300c300406022a03300406022a03');
  assert.ok(!twice.ok);
  assert.match(twice.error.detail, /appears twice/);
});
