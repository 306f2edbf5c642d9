import assert from 'node:assert/strict';
import { test } from 'node:test';
import { encodeHex } from '../../codec/hex.ts';
import { unwrap } from '../../result.ts';
import { encodeCrlDistributionPoints, parseCrlDistributionPoints } from './crl-distribution-points.ts';

const parse = (hex: string) => parseCrlDistributionPoints(Buffer.from(hex, 'hex'));

test('URLs come back, each in a point of its own', () => {
  const urls = ['http://a.test/1.crl', 'http://b.test/2.crl'];
  const extension = encodeCrlDistributionPoints(urls);
  assert.equal(extension.critical, false);
  assert.deepEqual(unwrap(parseCrlDistributionPoints(extension.value)), urls);
  assert.equal(encodeHex(encodeCrlDistributionPoints(['a:b']).value), '300b3009a007a0058603613a62');
});

test('several names in a point, reasons and CRL issuers are read', () => {
  const place = 'a00ca00a8603613a628603633a64';
  const reasons = '81020640';
  const issuer = 'a203820169';
  assert.deepEqual(unwrap(parse(`30193017${place}${reasons}${issuer}`)), ['a:b', 'c:d']);
  assert.deepEqual(unwrap(parse(`30073005${issuer}`)), []);
});

test('fail/no points, fail/name relative to the issuer', () => {
  assert.ok(!parse('3000').ok);
  const relative = parse('30063004a002a100');
  assert.ok(!relative.ok);
  assert.equal(relative.error.code, 'unsupported');
});
