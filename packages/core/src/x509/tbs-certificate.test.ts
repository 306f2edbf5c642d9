import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createTestAuthority, generateKeys } from '../../../../test/support/certificates.ts';
import { requireProgram } from '../../../../test/support/require-program.ts';
import { runProgram } from '../../../../test/support/run-program.ts';
import { encodePem } from '../codec/pem.ts';
import { exportPublicKeyInfo } from '../crypto.ts';
import { unwrap } from '../result.ts';
import { parseTbsCertificate } from './certificate.ts';
import { commonName } from './name.ts';
import { buildTbsCertificate } from './tbs-certificate.ts';

const openssl = requireProgram('openssl', 'openssl');
const certtool = requireProgram('certtool', 'gnutls-bin');
const publicKeyInfo = exportPublicKeyInfo(generateKeys('ES256').publicKey);
const input = {
  serial: Uint8Array.of(1),
  algorithm: 'ES256',
  issuer: commonName('Issuer'),
  subject: commonName('Subject'),
  notBefore: 0,
  notAfter: 1000,
  publicKeyInfo,
  extensions: [],
} as const;

test('OpenSSL and GnuTLS accept the path, whatever key the issuer has', { skip: openssl.skip || certtool.skip }, () => {
  for (const algorithm of ['ES256', 'ES384', 'RS256', 'PS256', 'Ed25519', 'EdDSA'] as const) {
    const authority = createTestAuthority(algorithm, Date.now());
    const leaf = authority.issue({
      publicKeyInfo,
      names: [
        { type: 'dns', value: 'a.test' },
        { type: 'ip', value: new Uint8Array(16).fill(1, 15) },
        { type: 'email', value: 'someone@a.test' },
        { type: 'uri', value: 'https://a.test/x' },
        { type: 'directory', value: commonName('Entry') },
        { type: 'registeredId', value: '1.2.3.4' },
        { type: 'other', typeId: '1.3.6.1.5.5.7.8.9', value: Buffer.from('0c0441406274', 'hex') },
      ],
    });
    const files = {
      'root.pem': encodePem('CERTIFICATE', authority.certificate),
      'leaf.pem': encodePem('CERTIFICATE', leaf),
    };
    const strict = [
      'verify',
      '-x509_strict',
      '-purpose',
      'sslserver',
      '-verify_hostname',
      'a.test',
      '-CAfile',
      'root.pem',
    ];
    const verified = runProgram(openssl.path, [...strict, 'leaf.pem'], files);
    assert.equal(verified.status, 0, `${algorithm}: ${verified.text}`);
    const text = runProgram(openssl.path, ['x509', '-in', 'leaf.pem', '-noout', '-text'], files);
    for (const part of [
      'DNS:a.test',
      'IP Address:0:0:0:0:0:0:0:1',
      'email:someone@a.test',
      'URI:https://a.test/x',
      'Registered ID:1.2.3.4',
    ]) {
      assert.ok(text.text.includes(part), `${part} in ${text.text}`);
    }
    const gnutls = [
      '--verify',
      '--verify-profile',
      'medium',
      '--verify-hostname',
      'a.test',
      '--load-ca-certificate',
      'root.pem',
    ];
    const checked = runProgram(certtool.path, [...gnutls, '--infile', 'leaf.pem'], files);
    assert.equal(checked.status, 0, `${algorithm}: ${checked.text}`);
  }
});

test('without extensions the field is left out', () => {
  assert.deepEqual(unwrap(parseTbsCertificate(buildTbsCertificate(input))).extensions, []);
});

test('fail/serial numbers and times that no certificate may have are mistakes of the caller', () => {
  for (const serial of [
    Uint8Array.of(),
    Uint8Array.of(0),
    Uint8Array.of(0, 1),
    new Uint8Array(20).fill(0x80),
    new Uint8Array(21).fill(1),
  ]) {
    assert.throws(() => buildTbsCertificate({ ...input, serial }), /serial number/);
  }
  assert.throws(() => buildTbsCertificate({ ...input, notAfter: Number.NaN }), RangeError);
});
