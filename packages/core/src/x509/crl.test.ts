import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { createTestAuthority, generateKeys } from '../../../../test/support/certificates.ts';
import { loadPeculiar } from '../../../../test/support/peculiar.ts';
import { requireProgram } from '../../../../test/support/require-program.ts';
import { runProgram } from '../../../../test/support/run-program.ts';
import { encodeHex } from '../codec/hex.ts';
import { oid } from '../codec/oid.ts';
import { encodePem } from '../codec/pem.ts';
import { exportPublicKeyInfo } from '../crypto.ts';
import { unwrap } from '../result.ts';
import {
  assembleCertificateList,
  buildTbsCertificateList,
  parseCertificateList,
  type RevokedCertificate,
  verifyCertificateListSignature,
} from './crl.ts';
import { findExtension } from './extension.ts';
import { encodeCrlNumber, parseCrlNumber } from './extensions/crl-number.ts';

const openssl = requireProgram('openssl', 'openssl');
const certtool = requireProgram('certtool', 'gnutls-bin');
const now = Math.floor(Date.now() / 1000) * 1000;
const authority = createTestAuthority('ES256', now);
const revoked: readonly RevokedCertificate[] = [
  { serial: Uint8Array.of(0x7f, 2, 3), revokedAt: now, reason: 1 },
  { serial: Uint8Array.of(0x80), revokedAt: now - 5000 },
];
const list = authority.revoke(revoked, 300);

function refusal(der: Uint8Array) {
  const outcome = parseCertificateList(der);
  assert.ok(!outcome.ok, 'accepted');
  return outcome.error;
}

test('what was built is read back, and its signature verifies', () => {
  const read = unwrap(parseCertificateList(list));
  assert.deepEqual(read.issuer, authority.name);
  assert.deepEqual([read.thisUpdate, read.nextUpdate], [now, now + 86_400_000]);
  assert.deepEqual(read.revoked, revoked);
  const number = findExtension(read.extensions, oid.crlNumber)?.value ?? new Uint8Array();
  assert.equal(unwrap(parseCrlNumber(number)), 300);
  assert.equal(verifyCertificateListSignature(read, authority.key), true);
  assert.equal(verifyCertificateListSignature(read, createTestAuthority('ES256', now).key), false);
});

test('any entries come back, reason 0 as none', () => {
  const entry = fc.record({
    serial: fc.uint8Array({ minLength: 1, maxLength: 19 }).filter((serial) => serial[0] !== 0),
    revokedAt: fc.integer({ min: 0, max: 4e9 }).map((seconds) => seconds * 1000),
    reason: fc.constantFrom(0, 1, 3, 4, 5, 9),
  });
  fc.assert(
    fc.property(fc.array(entry, { maxLength: 5 }), (entries) => {
      const read = unwrap(parseCertificateList(authority.revoke(entries)));
      const expected = entries.map(({ serial, revokedAt, reason }) =>
        reason === 0 ? { serial, revokedAt } : { serial, revokedAt, reason },
      );
      assert.deepEqual(read.revoked, expected);
    }),
    { numRuns: 60 },
  );
});

test('an empty list is left out, and a long one is read', () => {
  assert.deepEqual(unwrap(parseCertificateList(authority.revoke([]))).revoked, []);
  const many = Array.from({ length: 20_000 }, (_, at) => ({
    serial: Uint8Array.of(1, at >> 16, at >> 8, at),
    revokedAt: now,
    reason: 4,
  }));
  const der = authority.revoke(many);
  assert.ok(der.length > 65_536);
  assert.equal(unwrap(parseCertificateList(der)).revoked.length, many.length);
});

test('OpenSSL verifies our CRL, and refuses the revoked certificate by it', { skip: openssl.skip }, () => {
  const leaf = authority.issue({
    publicKeyInfo: exportPublicKeyInfo(generateKeys('ES256').publicKey),
    names: [{ type: 'dns', value: 'a.test' }],
  });
  const files = {
    'root.pem': encodePem('CERTIFICATE', authority.certificate),
    'leaf.pem': encodePem('CERTIFICATE', leaf),
    'list.pem': encodePem('X509 CRL', list),
    'empty.pem': encodePem('X509 CRL', authority.revoke([])),
  };
  const text = runProgram(
    openssl.path,
    ['crl', '-in', 'list.pem', '-noout', '-text', '-verify', '-CAfile', 'root.pem'],
    files,
  );
  assert.equal(text.status, 0, text.text);
  assert.match(text.text, /verify OK/);
  assert.match(text.text, /Serial Number: 7F0203[\s\S]*Key Compromise[\s\S]*Serial Number: 80/);
  assert.match(text.text, /X509v3 CRL Number:\s+300/);
  const check = (crl: string) =>
    runProgram(
      openssl.path,
      ['verify', '-x509_strict', '-crl_check', '-CRLfile', crl, '-CAfile', 'root.pem', 'leaf.pem'],
      files,
    );
  assert.match(check('list.pem').text, /certificate revoked/);
  const good = check('empty.pem');
  assert.equal(good.status, 0, good.text);
});

test('GnuTLS verifies our CRL', { skip: certtool.skip }, () => {
  const files = {
    'root.pem': encodePem('CERTIFICATE', authority.certificate),
    'list.pem': encodePem('X509 CRL', list),
  };
  const run = runProgram(
    certtool.path,
    ['--verify-crl', '--load-ca-certificate', 'root.pem', '--infile', 'list.pem'],
    files,
  );
  assert.equal(run.status, 0, run.text);
  assert.match(run.text, /Verification output: Verified/);
});

test('CRLs go to and from @peculiar/x509', async () => {
  const x509 = await loadPeculiar();
  const theirs = new x509.X509Crl(new Uint8Array(list));
  assert.equal(theirs.issuer, 'C=JP, O=Prüfstelle 認証局, CN=Test Root');
  assert.deepEqual(
    theirs.entries.map((entry) => entry.serialNumber.replace(/^00/, '')),
    ['7f0203', '80'],
  );
  assert.equal(
    await theirs.verify({ publicKey: new x509.X509Certificate(new Uint8Array(authority.certificate)) }),
    true,
  );
  const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
  const { privateKey } = await crypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
  const made = await x509.X509CrlGenerator.create({
    issuer: 'CN=Theirs',
    thisUpdate: new Date(now),
    nextUpdate: new Date(now + 1000),
    entries: [{ serialNumber: '0102', revocationDate: new Date(now), reason: x509.X509CrlReason.superseded }],
    extensions: [new x509.Extension(oid.crlNumber, false, Uint8Array.of(0x02, 0x01, 0x07))],
    signingAlgorithm: algorithm,
    signingKey: privateKey,
  });
  const read = unwrap(parseCertificateList(new Uint8Array(made.rawData)));
  assert.deepEqual(
    read.revoked.map((entry) => [encodeHex(entry.serial), entry.revokedAt, entry.reason]),
    [['0102', now, 4]],
  );
});

test('fail/any damaged octets: no throw, no hang, and never a valid signature', () => {
  const damage = fc.array(fc.tuple(fc.nat(list.length - 1), fc.integer({ min: 1, max: 255 })), {
    minLength: 1,
    maxLength: 4,
  });
  fc.assert(
    fc.property(damage, (changes) => {
      const der = Uint8Array.from(list);
      for (const [at, change] of changes) der[at] = (list[at] ?? 0) ^ change;
      const outcome = parseCertificateList(der);
      assert.ok(!outcome.ok || !verifyCertificateListSignature(outcome.value, authority.key));
    }),
    { numRuns: 1500 },
  );
});

test('fail/every way of cutting it off, fail/bytes after it', () => {
  for (let length = 0; length < list.length; length++) assert.ok(!parseCertificateList(list.subarray(0, length)).ok);
  assert.match(refusal(Buffer.concat([list, Uint8Array.of(0)])).detail, /left over/);
});

test('fail/critical extensions, which would change what the list covers', () => {
  const scope = { oid: '2.5.29.28', critical: true, value: Uint8Array.of(0x30, 0x00) };
  const input = { algorithm: 'ES256', issuer: authority.name, thisUpdate: now, nextUpdate: now, revoked } as const;
  const tbs = buildTbsCertificateList({ ...input, extensions: [encodeCrlNumber(1), scope] });
  const error = refusal(assembleCertificateList(tbs, 'ES256', authority.sign(tbs)));
  assert.equal(error.code, 'unsupported');
  assert.match(error.detail, /2\.5\.29\.28/);
});

test('fail/entries with a reason that is none', () => {
  const odd = authority.revoke([{ serial: Uint8Array.of(1), revokedAt: now, reason: 7 }]);
  assert.match(refusal(odd).detail, /no revocation reason: 7/);
});
