import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { generateKeys } from '../../../../test/support/certificates.ts';
import { loadPeculiar } from '../../../../test/support/peculiar.ts';
import { requireProgram } from '../../../../test/support/require-program.ts';
import { runProgram } from '../../../../test/support/run-program.ts';
import { constructedTag, tag } from '../codec/der-tag.ts';
import { DerWriter } from '../codec/der-writer.ts';
import { oid } from '../codec/oid.ts';
import { decodePem } from '../codec/pem.ts';
import { exportPublicKeyInfo, signNow } from '../crypto.ts';
import { unwrap } from '../result.ts';
import { signatureAlgorithm } from './algorithm-identifier.ts';
import { parseCertificateRequest, verifyCertificateRequest } from './certificate-request.ts';
import { buildCertificateRequest } from './certificate-request-builder.ts';
import { type Extension, writeExtensions } from './extension.ts';
import { encodeSubjectAltName } from './extensions/subject-alt-name.ts';
import { commonName, formatName, writeName } from './name.ts';
import { assembleSigned } from './signature.ts';

const openssl = requireProgram('openssl', 'openssl');
const certtool = requireProgram('certtool', 'gnutls-bin');
const names = [
  { type: 'dns', value: 'a.test' },
  { type: 'ip', value: Uint8Array.of(192, 0, 2, 1) },
] as const;
const keys = generateKeys('ES256');
const request = buildCertificateRequest({ subject: commonName('a.test'), names, privateKey: keys.privateKey });

function refusal(der: Uint8Array) {
  const outcome = parseCertificateRequest(der);
  assert.ok(!outcome.ok, 'accepted');
  return outcome.error;
}

/** A request with proper signature whose version and attributes are up to the test. */
function buildOdd(writeAttributes: (writer: DerWriter) => void, version = 0): Uint8Array {
  const writer = new DerWriter();
  writer.sequence(() => {
    writer.smallInteger(version);
    writeName(writer, []);
    writer.raw(exportPublicKeyInfo(keys.publicKey));
    writeAttributes(writer);
  });
  const tbs = writer.finish();
  return assembleSigned(tbs, 'ES256', signNow(signatureAlgorithm('ES256'), keys.privateKey, tbs));
}

function withAttributes(...attributes: ((writer: DerWriter) => void)[]): Uint8Array {
  return buildOdd((writer) => {
    writer.constructed(constructedTag(0), () => {
      for (const write of attributes) writer.sequence(() => write(writer));
    });
  });
}

const asking =
  (...extensions: Extension[]) =>
  (writer: DerWriter) => {
    writer.oid(oid.extensionRequest).constructed(tag.set, () => writeExtensions(writer, extensions));
  };

test('every kind of key and algorithm: what is built is read, proves possession, and satisfies OpenSSL and GnuTLS', {
  skip: openssl.skip || certtool.skip,
}, () => {
  const kinds = [
    ['ES256', 'ES256'],
    ['ES256', 'ES512'],
    ['ES384', 'ES384'],
    ['ES512', 'ES512'],
    ['Ed25519', 'Ed25519'],
    ['RS256', 'RS256'],
    ['RS256', 'RS384'],
    ['RS256', 'RS512'],
    ['RS256', 'PS256'],
    ['RS256', 'PS384'],
    ['RS256', 'PS512'],
  ] as const;
  const rsa = generateKeys('RS256');
  for (const [keyKind, algorithm] of kinds) {
    const { privateKey } = keyKind === 'RS256' ? rsa : generateKeys(keyKind);
    const der = buildCertificateRequest({ subject: commonName('a.test'), names, privateKey, algorithm });
    const read = unwrap(parseCertificateRequest(der));
    assert.equal(read.signatureAlgorithm?.name, algorithm);
    assert.equal(verifyCertificateRequest(read), true, algorithm);
    assert.deepEqual(read.names, names);
    const files = { 'request.der': der };
    const text = runProgram(
      openssl.path,
      ['req', '-inform', 'DER', '-in', 'request.der', '-noout', '-verify', '-text'],
      files,
    );
    assert.equal(text.status, 0, `${algorithm}: ${text.text}`);
    assert.match(text.text, /self-signature verify OK/);
    assert.match(text.text, /DNS:a\.test, IP Address:192\.0\.2\.1/);
    const info = runProgram(certtool.path, ['--crq-info', '--inder', '--infile', 'request.der'], files);
    assert.equal(info.status, 0, `${algorithm}: ${info.text}`);
    assert.match(info.text, /Self signature: verified/, algorithm);
  }
});

test('requests that OpenSSL makes are read and prove possession, for every kind of key', { skip: openssl.skip }, () => {
  const kinds = [
    [['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-sha256'], 'ES256'],
    [['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-384', '-sha384'], 'ES384'],
    [['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-521', '-sha512'], 'ES512'],
    [['-newkey', 'rsa:2048', '-sha256'], 'RS256'],
    [['-newkey', 'rsa:2048', '-sha384'], 'RS384'],
    [['-newkey', 'rsa:2048', '-sha512'], 'RS512'],
    [
      ['-newkey', 'rsa:2048', '-sha256', '-sigopt', 'rsa_padding_mode:pss', '-sigopt', 'rsa_pss_saltlen:digest'],
      'PS256',
    ],
    [['-newkey', 'ed25519'], 'Ed25519'],
  ] as const;
  for (const [options, algorithm] of kinds) {
    const subject = [
      '-subj',
      '/C=JP/O=Prüf/CN=a.test',
      '-utf8',
      '-addext',
      'subjectAltName=DNS:a.test,DNS:*.b.test,IP:::1',
    ];
    const run = runProgram(openssl.path, [
      'req',
      '-new',
      '-nodes',
      '-keyout',
      'key.pem',
      '-outform',
      'DER',
      ...subject,
      ...options,
    ]);
    assert.equal(run.status, 0, run.text);
    const read = unwrap(parseCertificateRequest(run.stdout));
    assert.equal(read.signatureAlgorithm?.name, algorithm);
    assert.equal(verifyCertificateRequest(read), true, algorithm);
    assert.equal(formatName(read.subject), 'CN=a.test,O=Prüf,C=JP');
    assert.deepEqual(
      read.names.map((name) => (name.type === 'ip' ? Buffer.from(name.value).toString('hex') : name.value)),
      ['a.test', '*.b.test', `${'0'.repeat(31)}1`],
    );
  }
});

test('a challenge password and other attributes are passed over', { skip: openssl.skip }, () => {
  const config = [
    '[req]',
    'prompt = no',
    'distinguished_name = dn',
    'attributes = attributes',
    'req_extensions = extensions',
    '[dn]',
    'CN = a.test',
    '[attributes]',
    'challengePassword = secret-password',
    'unstructuredName = An ASN.1 subset',
    '[extensions]',
    'subjectAltName = DNS:a.test',
    'tlsfeature = status_request',
    'basicConstraints = critical, CA:FALSE',
  ].join('\n');
  const args = [
    'req',
    '-new',
    '-nodes',
    '-config',
    'req.cnf',
    '-newkey',
    'rsa:2048',
    '-keyout',
    'key.pem',
    '-outform',
    'DER',
  ];
  const run = runProgram(openssl.path, args, { 'req.cnf': config });
  assert.equal(run.status, 0, run.text);
  const read = unwrap(parseCertificateRequest(run.stdout));
  assert.equal(verifyCertificateRequest(read), true);
  assert.deepEqual(read.names, [{ type: 'dns', value: 'a.test' }]);
  assert.deepEqual(
    read.extensions.map((extension) => [extension.oid, extension.critical]),
    [
      [oid.subjectAltName, false],
      ['1.3.6.1.5.5.7.1.24', false],
      [oid.basicConstraints, true],
    ],
  );
});

test('a request made by the library of certbot 2.1 is read: no subject, names in the extension', () => {
  const pem = `-----BEGIN CERTIFICATE REQUEST-----
MIH3MIGeAgEAMAAwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAARYwYiw4HIXWxsm
pgdq1Ia/EvSElCSJZhV8jCtsjYv4kRrJUAUp5TgCFf6YZJ5PxbW1hyN+2CCuWudY
tvjrsPqToDwwOgYJKoZIhvcNAQkOMS0wKzApBgNVHREEIjAgggxleGFtcGxlLnRl
c3SCEHd3dy5leGFtcGxlLnRlc3QwCgYIKoZIzj0EAwIDSAAwRQIgFaXJY4Fj5s+O
373/yUDe23dTQkOkRwHBJR07WmxJKUcCIQChpvIGurnSf+MH30b0DmReMy2yTICX
BaVElawjZM5gbA==
-----END CERTIFICATE REQUEST-----
`;
  const [der = new Uint8Array()] = unwrap(decodePem(pem, 'CERTIFICATE REQUEST'));
  const read = unwrap(parseCertificateRequest(der));
  assert.equal(verifyCertificateRequest(read), true);
  assert.deepEqual(read.subject, []);
  assert.deepEqual(
    read.names.map((name) => name.value),
    ['example.test', 'www.example.test'],
  );
});

test('version 2, which older certbot wrote, is read; others are not', () => {
  const attributes = (writer: DerWriter) => void writer.constructed(constructedTag(0), () => undefined);
  assert.equal(verifyCertificateRequest(unwrap(parseCertificateRequest(buildOdd(attributes, 2)))), true);
  assert.equal(refusal(buildOdd(attributes, 1)).code, 'unsupported');
  assert.equal(refusal(buildOdd(attributes, 3)).code, 'unsupported');
});

test('a request without names or extensions has none', () => {
  const der = buildCertificateRequest({ subject: [], names: [], privateKey: keys.privateKey });
  const read = unwrap(parseCertificateRequest(der));
  assert.deepEqual([read.subject, read.names, read.extensions], [[], [], []]);
  assert.deepEqual(Buffer.from(read.publicKeyInfo), exportPublicKeyInfo(keys.publicKey));
});

test('requests go to and from @peculiar/x509', async () => {
  const { Pkcs10CertificateRequest, Pkcs10CertificateRequestGenerator, SubjectAlternativeNameExtension } =
    await loadPeculiar();
  const theirs = new Pkcs10CertificateRequest(new Uint8Array(request));
  assert.equal(await theirs.verify(), true);
  assert.equal(theirs.subject, 'CN=a.test');
  const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
  const pair = await crypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
  const made = await Pkcs10CertificateRequestGenerator.create({
    name: 'CN=a.test, O=Org',
    keys: pair,
    signingAlgorithm: algorithm,
    extensions: [new SubjectAlternativeNameExtension([{ type: 'dns', value: 'a.test' }])],
  });
  const read = unwrap(parseCertificateRequest(new Uint8Array(made.rawData)));
  assert.equal(verifyCertificateRequest(read), true);
  assert.equal(formatName(read.subject), 'O=Org,CN=a.test');
  assert.deepEqual(read.names, [{ type: 'dns', value: 'a.test' }]);
});

test('fail/any single damaged octet: no throw, and never proof of possession', () => {
  fc.assert(
    fc.property(fc.nat(request.length - 1), fc.integer({ min: 1, max: 255 }), (at, change) => {
      const der = Uint8Array.from(request);
      der[at] = (der[at] ?? 0) ^ change;
      const outcome = parseCertificateRequest(der);
      assert.ok(!outcome.ok || !verifyCertificateRequest(outcome.value));
    }),
    { numRuns: 1500 },
  );
});

test('fail/octets removed, inserted or cut off never throw nor prove anything', () => {
  const edits = fc.tuple(fc.nat(request.length - 1), fc.nat(5), fc.uint8Array({ maxLength: 5 }));
  fc.assert(
    fc.property(edits, ([at, removed, inserted]) => {
      const der = Buffer.concat([request.subarray(0, at), inserted, request.subarray(at + removed)]);
      if (Buffer.compare(der, request) === 0) return;
      const outcome = parseCertificateRequest(der);
      assert.ok(!outcome.ok || !verifyCertificateRequest(outcome.value));
    }),
    { numRuns: 1000 },
  );
  for (let length = 0; length < request.length; length++)
    assert.ok(!parseCertificateRequest(request.subarray(0, length)).ok);
});

test('fail/signature by another key', () => {
  const { tbs } = unwrap(parseCertificateRequest(request));
  const signature = signNow(signatureAlgorithm('ES256'), generateKeys('ES256').privateKey, tbs);
  assert.equal(
    verifyCertificateRequest(unwrap(parseCertificateRequest(assembleSigned(tbs, 'ES256', signature)))),
    false,
  );
});

test('fail/algorithm of another kind of key', () => {
  const { tbs } = unwrap(parseCertificateRequest(request));
  for (const algorithm of ['Ed25519', 'RS256', 'PS256'] as const) {
    const read = unwrap(parseCertificateRequest(assembleSigned(tbs, algorithm, new Uint8Array(64).fill(1))));
    assert.equal(verifyCertificateRequest(read), false, algorithm);
  }
});

test('fail/bytes after the request, fail/BER lengths, fail/giant input', () => {
  assert.match(refusal(Buffer.concat([request, Uint8Array.of(0)])).detail, /left over/);
  const indefinite = Buffer.concat([Uint8Array.of(0x30, 0x80), request.subarray(3), Uint8Array.of(0, 0)]);
  assert.match(refusal(indefinite).detail, /indefinite/);
  assert.equal(request[1], 0x81, 'the length takes one octet, so that a second is not minimal');
  const padded = Buffer.concat([Uint8Array.of(0x30, 0x82, 0x00), request.subarray(2)]);
  assert.match(refusal(padded).detail, /not minimal/);
  const giant = buildCertificateRequest({
    subject: [],
    names: Array.from({ length: 4000 }, (_, at) => ({ type: 'dns' as const, value: `host-${at}.example.test` })),
    privateKey: keys.privateKey,
  });
  assert.equal(refusal(giant).code, 'too-large');
});

test('fail/signature with SHA-1: the refusal says what is wrong', { skip: openssl.skip }, () => {
  const args = [
    'req',
    '-new',
    '-nodes',
    '-newkey',
    'rsa:2048',
    '-keyout',
    'key.pem',
    '-subj',
    '/CN=a',
    '-sha1',
    '-outform',
    'DER',
  ];
  const run = runProgram(openssl.path, args);
  assert.equal(run.status, 0, run.text);
  assert.deepEqual(refusal(run.stdout).code, 'unsupported');
  assert.match(refusal(run.stdout).detail, /signed with an algorithm that is not supported/);
});

test('fail/attributes missing, fail/attribute twice, fail/several values, fail/no value', () => {
  assert.match(refusal(buildOdd(() => undefined)).detail, /ends where a0/);
  const san = encodeSubjectAltName(names);
  assert.match(refusal(withAttributes(asking(san), asking(san))).detail, /appears twice/);
  const twoValues = (writer: DerWriter) => {
    writer.oid(oid.extensionRequest).constructed(tag.set, () => {
      writeExtensions(writer, [san]);
      writeExtensions(writer, [san]);
    });
  };
  assert.match(refusal(withAttributes(twoValues)).detail, /left over/);
  const noValue = (writer: DerWriter) => void writer.oid(oid.extensionRequest).constructed(tag.set, () => undefined);
  assert.match(refusal(withAttributes(noValue)).detail, /ends where 30/);
});

test('fail/extension twice, fail/names that are none', () => {
  const san = encodeSubjectAltName(names);
  assert.match(refusal(withAttributes(asking(san, san))).detail, /extension 2\.5\.29\.17 appears twice/);
  const empty = { ...san, value: Uint8Array.of(0x30, 0x00) };
  assert.match(refusal(withAttributes(asking(empty))).detail, /without names/);
  const inside = { ...san, value: Buffer.from('3005820361002e', 'hex') };
  assert.match(refusal(withAttributes(asking(inside))).detail, /0x00 is not allowed/);
});
