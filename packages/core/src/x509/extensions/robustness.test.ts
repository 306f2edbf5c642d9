import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { DerFault } from '../../codec/der-reader.ts';
import { oid } from '../../codec/oid.ts';
import type { Result } from '../../result.ts';
import type { Extension } from '../extension.ts';
import { encodeAuthorityInfoAccess, parseAuthorityInfoAccess } from './authority-info-access.ts';
import { encodeAuthorityKeyIdentifier, parseAuthorityKeyIdentifier } from './authority-key-identifier.ts';
import { encodeBasicConstraints, parseBasicConstraints } from './basic-constraints.ts';
import { encodeCertificatePolicies, parseCertificatePolicies } from './certificate-policies.ts';
import { encodeCrlDistributionPoints, parseCrlDistributionPoints } from './crl-distribution-points.ts';
import { encodeCrlNumber, parseCrlNumber } from './crl-number.ts';
import { encodeCrlReason, parseCrlReason } from './crl-reason.ts';
import { encodeExtKeyUsage, parseExtKeyUsage } from './ext-key-usage.ts';
import { encodeKeyUsage, parseKeyUsage } from './key-usage.ts';
import { encodeSubjectAltName, parseSubjectAltName } from './subject-alt-name.ts';
import { encodeSubjectKeyIdentifier, parseSubjectKeyIdentifier } from './subject-key-identifier.ts';

const keyId = Uint8Array.of(1, 2, 3, 4);
const extensions: readonly [Extension, (value: Uint8Array) => Result<unknown, DerFault>][] = [
  [encodeAuthorityInfoAccess({ ocsp: ['http://a'], caIssuers: ['http://b'] }), parseAuthorityInfoAccess],
  [encodeAuthorityKeyIdentifier(keyId), parseAuthorityKeyIdentifier],
  [encodeBasicConstraints({ ca: true, pathLength: 3 }), parseBasicConstraints],
  [encodeCertificatePolicies(['1.2.3', '1.2.4']), parseCertificatePolicies],
  [encodeCrlDistributionPoints(['http://a']), parseCrlDistributionPoints],
  [encodeCrlNumber(70_000), parseCrlNumber],
  [encodeCrlReason(4), parseCrlReason],
  [encodeExtKeyUsage([oid.serverAuth, oid.clientAuth]), parseExtKeyUsage],
  [encodeKeyUsage(['digitalSignature', 'decipherOnly']), parseKeyUsage],
  [
    encodeSubjectAltName([
      { type: 'dns', value: 'a.test' },
      { type: 'ip', value: keyId },
    ]),
    parseSubjectAltName,
  ],
  [encodeSubjectKeyIdentifier(keyId), parseSubjectKeyIdentifier],
];

test('no parser throws on damaged values, and each tells a fault in a sentence', () => {
  const damage = fc.array(fc.tuple(fc.nat(), fc.nat(255)), { minLength: 1, maxLength: 3 });
  fc.assert(
    fc.property(fc.constantFrom(...extensions), damage, ([extension, parse], changes) => {
      const value = Uint8Array.from(extension.value);
      for (const [at, octet] of changes) value[at % value.length] = octet;
      const outcome = parse(value);
      if (!outcome.ok) assert.match(outcome.error.detail, /\(byte \d+\)$/);
    }),
    { numRuns: 3000 },
  );
});

test('no parser accepts a value that is cut off or goes on', () => {
  for (const [{ oid: name, value }, parse] of extensions) {
    assert.ok(parse(value).ok, name);
    for (let length = 0; length < value.length; length++)
      assert.ok(!parse(value.subarray(0, length)).ok, `${name} ${length}`);
    assert.ok(!parse(Buffer.concat([value, Uint8Array.of(0)])).ok, `${name} goes on`);
  }
});

test('no parser throws on arbitrary bytes', () => {
  fc.assert(
    fc.property(fc.constantFrom(...extensions), fc.uint8Array({ maxLength: 40 }), ([, parse], value) => {
      assert.equal(typeof parse(value).ok, 'boolean');
    }),
    { numRuns: 2000 },
  );
});
