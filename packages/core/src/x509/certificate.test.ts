import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { test } from 'node:test';
import fc from 'fast-check';
import { createTestAuthority, generateKeys } from '../../../../test/support/certificates.ts';
import { loadPeculiar } from '../../../../test/support/peculiar.ts';
import { requireProgram } from '../../../../test/support/require-program.ts';
import { runProgram } from '../../../../test/support/run-program.ts';
import { requireVectors } from '../../../../test/support/vectors.ts';
import { DerWriter } from '../codec/der-writer.ts';
import { encodeHex } from '../codec/hex.ts';
import { oid } from '../codec/oid.ts';
import { decodePem } from '../codec/pem.ts';
import { exportPublicKeyInfo } from '../crypto.ts';
import { unwrap } from '../result.ts';
import { parseCertificate, parseTbsCertificate, verifyCertificateSignature } from './certificate.ts';
import { findExtension } from './extension.ts';
import { parseSubjectAltName } from './extensions/subject-alt-name.ts';
import { formatName } from './name.ts';
import { parsePublicKeyInfo } from './public-key.ts';
import { certificateThumbprint } from './thumbprint.ts';

const openssl = requireProgram('openssl', 'openssl');
const limbo = requireVectors('x509-limbo', 'limbo.json');
const start = Date.UTC(2026, 0, 1);
const authority = createTestAuthority('ES256', start);
const leafKey = exportPublicKeyInfo(generateKeys('ES256').publicKey);
const names = [{ type: 'dns', value: 'a.test' }] as const;
const leaf = authority.issue({ publicKeyInfo: leafKey, names });

function refusal(der: Uint8Array) {
  const outcome = parseCertificate(der);
  assert.ok(!outcome.ok, 'accepted');
  return outcome.error;
}

test('what was built is read back field by field, and its signature verifies', () => {
  const read = unwrap(parseCertificate(leaf));
  assert.equal(read.version, 3);
  assert.deepEqual([...read.serial], [0x7f, 2, 3]);
  assert.deepEqual(read.issuer, authority.name);
  assert.deepEqual(read.issuerDer, unwrap(parseCertificate(authority.certificate)).subjectDer);
  assert.deepEqual([read.notBefore, read.notAfter], [start, start + 86_400_000]);
  assert.deepEqual(read.subject, []);
  assert.deepEqual(Buffer.from(read.publicKeyInfo), leafKey);
  assert.equal(read.extensions.length, 9);
  assert.equal(verifyCertificateSignature(read, authority.key), true);
  assert.equal(verifyCertificateSignature(read, unwrap(parsePublicKeyInfo(leafKey))), false);
});

test('the part to be signed is read alone, before there is a signature', () => {
  const { tbs, der, signatureAlgorithm, signature, ...fields } = unwrap(parseCertificate(leaf));
  assert.deepEqual(unwrap(parseTbsCertificate(tbs)), fields);
  assert.ok(!parseTbsCertificate(der).ok);
});

test('Node reads the same from our certificates', () => {
  const node = new X509Certificate(leaf);
  const read = unwrap(parseCertificate(leaf));
  assert.equal(node.serialNumber.toLowerCase(), encodeHex(read.serial));
  assert.equal(node.validToDate.getTime(), read.notAfter);
  assert.equal(node.fingerprint256.replaceAll(':', '').toLowerCase(), encodeHex(certificateThumbprint(leaf)));
  assert.equal(node.verify(authority.key.keyObject), true);
  assert.equal(node.checkIssued(new X509Certificate(authority.certificate)), true);
  assert.equal(node.checkHost('a.test'), 'a.test');
});

test('certificates go to and from @peculiar/x509', async () => {
  const x509 = await loadPeculiar();
  const theirs = new x509.X509Certificate(new Uint8Array(leaf));
  const root = new x509.X509Certificate(new Uint8Array(authority.certificate));
  assert.equal(await theirs.verify({ publicKey: root.publicKey, signatureOnly: true }), true);
  assert.equal(theirs.issuer, 'C=JP, O=Prüfstelle 認証局, CN=Test Root');
  assert.deepEqual(theirs.getExtension(x509.SubjectAlternativeNameExtension)?.names.toJSON(), [
    { type: 'dns', value: 'a.test' },
  ]);
  const algorithm = { name: 'ECDSA', namedCurve: 'P-384', hash: 'SHA-384' };
  const keys = await crypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
  const made = await x509.X509CertificateGenerator.createSelfSigned({
    serialNumber: '0a1b2c',
    name: 'CN=Theirs, O=Org',
    notBefore: new Date(start),
    notAfter: new Date(Date.UTC(2060, 5, 1)),
    keys,
    signingAlgorithm: algorithm,
    extensions: [
      new x509.BasicConstraintsExtension(true, 2, true),
      new x509.SubjectAlternativeNameExtension([{ type: 'ip', value: '192.0.2.7' }]),
    ],
  });
  const read = unwrap(parseCertificate(new Uint8Array(made.rawData)));
  assert.equal(encodeHex(read.serial), '0a1b2c');
  assert.equal(formatName(read.subject), 'O=Org,CN=Theirs');
  assert.equal(read.notAfter, Date.UTC(2060, 5, 1));
  assert.equal(verifyCertificateSignature(read, unwrap(parsePublicKeyInfo(read.publicKeyInfo))), true);
  const alternative = findExtension(read.extensions, oid.subjectAltName)?.value ?? new Uint8Array();
  assert.deepEqual(unwrap(parseSubjectAltName(alternative)), [{ type: 'ip', value: Uint8Array.of(192, 0, 2, 7) }]);
});

test('certificates that OpenSSL makes are read and verify, for every kind of key', { skip: openssl.skip }, () => {
  const kinds = [
    ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256'],
    ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-521', '-sha512'],
    ['-newkey', 'rsa:2048'],
    ['-newkey', 'rsa:2048', '-sigopt', 'rsa_padding_mode:pss', '-sigopt', 'rsa_pss_saltlen:digest'],
    ['-newkey', 'ed25519'],
  ];
  for (const kind of kinds) {
    const args = [
      'req',
      '-x509',
      '-nodes',
      '-keyout',
      'key.pem',
      '-subj',
      '/CN=Root',
      '-days',
      '20000',
      '-outform',
      'DER',
      ...kind,
    ];
    const run = runProgram(openssl.path, args);
    assert.equal(run.status, 0, run.text);
    const read = unwrap(parseCertificate(run.stdout));
    assert.equal(
      verifyCertificateSignature(read, unwrap(parsePublicKeyInfo(read.publicKeyInfo))),
      true,
      kind.join(' '),
    );
  }
});

test('a certificate signed with an algorithm that is not supported is read, and never verifies', {
  skip: openssl.skip,
}, () => {
  const args = [
    'req',
    '-x509',
    '-nodes',
    '-keyout',
    'key.pem',
    '-newkey',
    'rsa:2048',
    '-subj',
    '/CN=Root',
    '-sha1',
    '-outform',
    'DER',
  ];
  const run = runProgram(openssl.path, args);
  assert.equal(run.status, 0, run.text);
  const read = unwrap(parseCertificate(run.stdout));
  assert.equal(read.signatureAlgorithm, undefined);
  assert.equal(verifyCertificateSignature(read, unwrap(parsePublicKeyInfo(read.publicKeyInfo))), false);
});

test('every certificate of the published paths that must be accepted is read; of the others only malformed ones are not', {
  skip: limbo.skip,
}, () => {
  interface Case {
    id: string;
    expected_result: 'SUCCESS' | 'FAILURE';
    peer_certificate: string;
    trusted_certs: string[];
    untrusted_intermediates: string[];
  }
  const refused = new Set<string>();
  const { testcases } = limbo.read() as { testcases: Case[] };
  for (const { id, expected_result, ...path } of testcases) {
    for (const pem of [path.peer_certificate, ...path.trusted_certs, ...path.untrusted_intermediates]) {
      const [der = new Uint8Array()] = unwrap(decodePem(pem, 'CERTIFICATE'));
      if (parseCertificate(der).ok) continue;
      assert.equal(expected_result, 'FAILURE', id);
      refused.add(id);
    }
  }
  assert.ok(testcases.length > 100, 'the file holds its cases');
  for (const id of ['rfc5280::serial::too-long', 'rfc5280::serial::negative', 'rfc5280::duplicate-extensions']) {
    assert.ok(refused.has(id), `${id} is refused`);
  }
});

test('fail/any damaged octets: no throw, no hang, and never a valid signature', () => {
  const damage = fc.array(fc.tuple(fc.nat(leaf.length - 1), fc.integer({ min: 1, max: 255 })), {
    minLength: 1,
    maxLength: 4,
  });
  fc.assert(
    fc.property(damage, (changes) => {
      const der = Uint8Array.from(leaf);
      for (const [at, change] of changes) der[at] = (leaf[at] ?? 0) ^ change;
      const outcome = parseCertificate(der);
      assert.ok(!outcome.ok || !verifyCertificateSignature(outcome.value, authority.key));
    }),
    { numRuns: 1500 },
  );
});

test('fail/every way of cutting it off, fail/bytes after it, fail/giant input', () => {
  for (let length = 0; length < leaf.length; length++) assert.ok(!parseCertificate(leaf.subarray(0, length)).ok);
  assert.match(refusal(Buffer.concat([leaf, Uint8Array.of(0)])).detail, /left over/);
  const giant = authority.issue({
    publicKeyInfo: leafKey,
    names: Array.from({ length: 4000 }, (_, at) => ({ type: 'dns' as const, value: `host-${at}.example.test` })),
  });
  assert.equal(refusal(giant).code, 'too-large');
});

test('fail/signature algorithm that differs inside and outside', () => {
  const { tbs, signature } = unwrap(parseCertificate(leaf));
  const writer = new DerWriter();
  writer.sequence(() => {
    writer.raw(tbs).sequence(() => writer.oid(oid.ecdsaWithSha384));
    writer.bitString(signature);
  });
  assert.match(refusal(writer.finish()).detail, /differs inside and outside/);
});

test('fail/versions: 1 written out, 4; extensions in version 2 or 1', () => {
  const { tbs } = unwrap(parseCertificate(leaf));
  const at = Buffer.from(tbs).indexOf(Buffer.from('a003020102', 'hex'));
  const withVersion = (version: number) => parseTbsCertificate(Uint8Array.from(tbs).fill(version, at + 4, at + 5));
  assert.ok(withVersion(2).ok);
  for (const version of [0, 1, 3]) assert.ok(!withVersion(version).ok, `version ${version + 1}`);
});
