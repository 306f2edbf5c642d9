/** What other implementations say about our certificates and CRLs: OpenSSL, GnuTLS and @peculiar/x509. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { promisify } from 'node:util';
import { encodePem } from '@tegata/core/codec/pem';
import { unwrap } from '@tegata/core/result';
import { manualClock } from '@tegata/core/time/clock';
import { openTestCa, type SubjectKeyKind, subjectKey, type TestCa } from '../../../../test/support/ca.ts';
import { loadPeculiar } from '../../../../test/support/peculiar.ts';
import { requireProgram } from '../../../../test/support/require-program.ts';
import type { CertificateRecord } from '../ports/stores/certificates.ts';

const openssl = requireProgram('openssl', 'openssl');
const certtool = requireProgram('certtool', 'gnutls-bin');
const run = promisify(execFile);
const kinds: readonly SubjectKeyKind[] = ['P-256', 'P-384', 'RSA', 'Ed25519'];
const profiles = ['tls-server', 'tls-server-short'];
const identifiers = [
  { type: 'dns', value: 'a.example' },
  { type: 'dns', value: '*.b.example' },
  { type: 'ip', value: '192.0.2.7' },
];

/** What the program says, whatever its exit status. */
async function said(program: string, args: readonly string[]): Promise<string> {
  const { stdout, stderr } = await run(program, [...args]).catch((error: { stdout: string; stderr: string }) => error);
  return stdout + stderr;
}

for (const algorithm of ['ES256', 'RS256'] as const) {
  describe(`a CA with ${algorithm} keys`, () => {
    let folder = '';
    let ca: TestCa;
    const issued: { readonly title: string; readonly record: CertificateRecord; readonly file: string }[] = [];
    const put = async (name: string, content: string): Promise<string> => {
      const path = join(folder, name);
      await writeFile(path, content);
      return path;
    };
    const file = (name: string): string => join(folder, name);

    before(async () => {
      folder = await mkdtemp(join(tmpdir(), 'tegata-verify-'));
      ca = await openTestCa({ algorithm, clock: manualClock(Date.now()) });
      for (const profile of profiles) {
        for (const kind of kinds) {
          const { publicKeyInfo } = subjectKey(kind);
          const record = unwrap(await ca.authority.issue({ identifiers, publicKeyInfo, profile }));
          const title = `${profile}-${kind}`;
          await put(`${title}.chain.pem`, ca.authority.chainPem(record));
          issued.push({ title, record, file: await put(`${title}.pem`, encodePem('CERTIFICATE', record.der)) });
        }
      }
      const revoked = issued.at(-1) as (typeof issued)[number];
      unwrap(await ca.authority.revoke(revoked.record.serial, 4));
      await ca.crls.maintain();
      const { hierarchy, crls } = ca;
      await put('root.pem', hierarchy.root().pem);
      await put('issuing.pem', hierarchy.active().pem);
      for (const [name, issuer] of [
        ['root', hierarchy.root()],
        ['issuing', hierarchy.active()],
      ] as const) {
        const crl = await crls.current(issuer.keyId);
        await put(`${name}.crl`, encodePem('X509 CRL', (crl as { der: Uint8Array }).der));
      }
      await put('crls.pem', (await Promise.all(['root.crl', 'issuing.crl'].map(read))).join(''));
    });
    const read = (name: string): Promise<string> => readFile(file(name), 'utf8');
    after(async () => {
      await ca.store.close();
      await rm(folder, { recursive: true, force: true });
    });

    const verifyArgs = (): readonly string[] => [
      ...['verify', '-x509_strict', '-crl_check_all', '-purpose', 'sslserver', '-verify_hostname', 'x.b.example'],
      ...['-CAfile', file('root.pem'), '-untrusted', file('issuing.pem'), '-CRLfile', file('crls.pem')],
    ];

    test('OpenSSL in strict mode, with CRLs, accepts every profile and key', { skip: openssl.skip }, async () => {
      const files = issued.slice(0, -1).map((one) => one.file);
      const output = await said(openssl.path, [...verifyArgs(), ...files]);
      assert.deepEqual(
        output.trim().split('\n'),
        files.map((path) => `${path}: OK`),
      );
    });

    test('OpenSSL refuses the revoked certificate', { skip: openssl.skip }, async () => {
      const revoked = issued.at(-1) as (typeof issued)[number];
      assert.match(await said(openssl.path, [...verifyArgs(), revoked.file]), /certificate revoked/);
    });

    test('OpenSSL refuses another host name and a CA of another installation', { skip: openssl.skip }, async () => {
      const [first] = issued;
      const args = verifyArgs().map((arg) => (arg === 'x.b.example' ? 'c.example' : arg));
      assert.match(await said(openssl.path, [...args, (first as { file: string }).file]), /hostname mismatch/i);
      const other = await openTestCa({ algorithm: 'ES256', clock: ca.clock });
      const stranger = await put('other.pem', other.hierarchy.root().pem);
      await other.store.close();
      const strange = verifyArgs().map((arg) => (arg === file('root.pem') ? stranger : arg));
      assert.match(
        await said(openssl.path, [...strange, (first as { file: string }).file]),
        /unable to get|self.signed/,
      );
    });

    test('OpenSSL verifies the CRLs', { skip: openssl.skip }, async () => {
      for (const name of ['root', 'issuing']) {
        const args = ['crl', '-in', file(`${name}.crl`), '-CAfile', file(`${name}.pem`), '-noout'];
        assert.match(await said(openssl.path, args), /verify OK/);
      }
    });

    test('GnuTLS accepts every chain with its CRL, and refuses the revoked certificate', {
      skip: certtool.skip,
    }, async () => {
      for (const { title } of issued) {
        const output = await said(certtool.path, [
          ...['--verify', '--verify-hostname', 'a.example', '--verify-purpose', '1.3.6.1.5.5.7.3.1'],
          ...['--load-ca-certificate', file('root.pem'), '--load-crl', file('crls.pem')],
          ...['--infile', file(`${title}.chain.pem`)],
        ]);
        const isRevoked = title === issued.at(-1)?.title;
        assert.match(
          output,
          isRevoked
            ? /certificate chain is revoked/
            : /Chain verification output: Verified\. The certificate is trusted\./,
          title,
        );
      }
    });

    test('@peculiar/x509 reads the same names and verifies the same signatures', async () => {
      const peculiar = await loadPeculiar();
      const issuing = new peculiar.X509Certificate(ca.hierarchy.active().pem);
      const root = new peculiar.X509Certificate(ca.hierarchy.root().pem);
      assert.ok(await root.isSelfSigned());
      assert.ok(await issuing.verify({ publicKey: root.publicKey, signatureOnly: true }));
      for (const { record } of issued) {
        const leaf = new peculiar.X509Certificate(new Uint8Array(record.der));
        assert.ok(await leaf.verify({ publicKey: issuing.publicKey, date: new Date(ca.clock.now()) }));
        assert.equal(leaf.serialNumber, record.serial);
        assert.equal(leaf.notAfter.getTime(), record.notAfter);
        const names = leaf.getExtension(peculiar.SubjectAlternativeNameExtension)?.names.toJSON();
        assert.deepEqual(names, identifiers);
      }
      const crl = new peculiar.X509Crl(await read('issuing.crl'));
      assert.ok(await crl.verify({ publicKey: issuing.publicKey }));
      assert.deepEqual(
        crl.entries.map((entry) => entry.serialNumber),
        [issued.at(-1)?.record.serial],
      );
    });
  });
}
