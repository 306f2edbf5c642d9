import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { requireProgram } from '../../../../test/support/require-program.ts';
import { runProgram } from '../../../../test/support/run-program.ts';
import { readTlsFiles } from './tls-files.ts';

const openssl = requireProgram('openssl', 'openssl');

describe('TLS files', { skip: openssl.skip }, () => {
  let folder: string;
  const path = (name: string): string => join(folder, name);

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'tegata-tls-files-'));
    for (const name of ['one', 'two']) {
      const key = [
        '-newkey',
        'ec',
        '-pkeyopt',
        'ec_paramgen_curve:prime256v1',
        '-nodes',
        '-keyout',
        path(`${name}.key`),
      ];
      await runProgram(openssl.path, ['req', '-x509', ...key, '-out', path(`${name}.pem`), '-subj', `/CN=${name}`]);
    }
    writeFileSync(path('text'), 'no PEM at all');
  });
  after(() => rmSync(folder, { recursive: true }));

  it('gives a certificate and the key that belongs to it', async () => {
    const read = await readTlsFiles(path('one.pem'), path('one.key'));
    assert.ok(read.ok);
    assert.match(read.value.certificatePem, /BEGIN CERTIFICATE/);
  });

  const refused: readonly [string, string, string, RegExp][] = [
    ['a certificate file that is not there', 'none', 'one.key', /none cannot be read \(ENOENT\)/],
    ['a key file that is not there', 'one.pem', 'none', /none cannot be read \(ENOENT\)/],
    ['a certificate file without a certificate', 'text', 'one.key', /text does not begin with a certificate/],
    ['a key file without a key', 'one.pem', 'text', /text is not an unencrypted private key/],
    ['the key of another certificate', 'one.pem', 'two.key', /does not belong to the certificate/],
  ];
  for (const [what, certificate, key, sentence] of refused) {
    it(`names the file at fault for ${what}`, async () => {
      const read = await readTlsFiles(path(certificate), path(key));
      assert.ok(!read.ok);
      assert.match(read.error, sentence);
    });
  }
});
