import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { test } from 'node:test';
import { generateKeys } from '../../../../test/support/certificates.ts';
import { oid } from '../codec/oid.ts';
import { unwrap } from '../result.ts';
import { parseCertificateRequest } from './certificate-request.ts';
import { buildCertificateRequest } from './certificate-request-builder.ts';
import { findExtension } from './extension.ts';
import { encodeExtKeyUsage, parseExtKeyUsage } from './extensions/ext-key-usage.ts';

test('the algorithm is the usual one of the key', () => {
  const expected = [
    ['ES256', 'ES256'],
    ['ES384', 'ES384'],
    ['ES512', 'ES512'],
    ['PS256', 'RS256'],
    ['EdDSA', 'Ed25519'],
  ] as const;
  for (const [kind, algorithm] of expected) {
    const der = buildCertificateRequest({ subject: [], names: [], privateKey: generateKeys(kind).privateKey });
    assert.equal(unwrap(parseCertificateRequest(der)).signatureAlgorithm?.name, algorithm);
  }
});

test('further extensions stand beside the names', () => {
  const { privateKey } = generateKeys('ES256');
  const extensions = [encodeExtKeyUsage([oid.clientAuth])];
  const der = buildCertificateRequest({
    subject: [],
    names: [{ type: 'dns', value: 'a.test' }],
    extensions,
    privateKey,
  });
  const read = unwrap(parseCertificateRequest(der));
  assert.equal(read.extensions.length, 2);
  const purposes = findExtension(read.extensions, oid.extKeyUsage);
  assert.deepEqual(unwrap(parseExtKeyUsage(purposes?.value ?? new Uint8Array())), [oid.clientAuth]);
});

test('fail/an algorithm for another kind of key is a mistake of the caller', () => {
  const { privateKey } = generateKeys('ES256');
  const attempt = () => buildCertificateRequest({ subject: [], names: [], privateKey, algorithm: 'RS256' });
  assert.throws(attempt, /RS256 needs another key than EC/);
});

test('fail/a key that cannot be certified is a mistake of the caller', () => {
  const { privateKey } = generateKeyPairSync('ed448');
  assert.throws(() => buildCertificateRequest({ subject: [], names: [], privateKey }), /not supported/);
});
