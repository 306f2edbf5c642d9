/** The registry of lints: complete, and clean on good certificates. */
import assert from 'node:assert/strict';
import { readdir } from 'node:fs/promises';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { DerWriter } from '@tegata/core/codec/der-writer';
import { oid } from '@tegata/core/codec/oid';
import { encodeKeyUsage } from '@tegata/core/x509/extensions/key-usage';
import { buildTbsCertificate } from '@tegata/core/x509/tbs-certificate';
import { sampleContext, sampleInput } from '../../../../../test/support/lint-samples.ts';
import { lintCertificate, lints } from './registry.ts';

const folder = fileURLToPath(new URL('.', import.meta.url));

async function filesOfLints(): Promise<readonly string[]> {
  const files = await readdir(folder, { recursive: true });
  return files.filter((file) => /^[a-z0-9-]+\/.*\.ts$/.test(file));
}

test('every file of a lint is registered under its own name, once', async () => {
  const files = (await filesOfLints()).filter((file) => !file.endsWith('.test.ts'));
  const names = files.map((file) => file.replace(/^.*\//, '').replace(/\.ts$/, ''));
  assert.deepEqual(lints.map((lint) => lint.name).sort(), names.sort());
});

test('every lint has a test', async () => {
  const files = new Set(await filesOfLints());
  const untested = [...files].filter(
    (file) => !file.endsWith('.test.ts') && !files.has(file.replace(/\.ts$/, '.test.ts')),
  );
  assert.deepEqual(untested, []);
});

for (const kind of ['leaf', 'issuing', 'root'] as const) {
  test(`a good ${kind} certificate has no findings`, () => {
    assert.deepEqual(lintCertificate(buildTbsCertificate(sampleInput(kind)), sampleContext(kind)), []);
  });
}

test('findings of several lints come together, each with the name of its lint', () => {
  const change = { without: [oid.subjectAltName], with: [encodeKeyUsage(['keyCertSign'])] };
  const findings = lintCertificate(buildTbsCertificate(sampleInput('leaf', change)), sampleContext('leaf', change));
  assert.deepEqual(
    findings.map((finding) => finding.replace(/:.*/, '')),
    ['common-name', 'requested-names', 'key-usage', 'subject-alt-name'],
  );
});

test('bad/an extension twice', () => {
  const input = sampleInput('leaf');
  const tbs = buildTbsCertificate({ ...input, extensions: [...input.extensions, ...input.extensions.slice(0, 1)] });
  assert.match(lintCertificate(tbs, sampleContext('leaf')).join(), /^encoding: .*twice/);
});

test('bad/an extension that cannot be read', () => {
  const broken = { oid: oid.keyUsage, critical: true, value: Uint8Array.of(0x03, 0x01) };
  const tbs = buildTbsCertificate(sampleInput('leaf', { with: [broken] }));
  assert.match(lintCertificate(tbs, sampleContext('leaf')).join(), /^encoding: extension 2\.5\.29\.15/);
});

test('bad/a date in 2026 as GeneralizedTime', () => {
  const tbs = Buffer.from(buildTbsCertificate(sampleInput('leaf')));
  // The first date, 13 characters of UTCTime, becomes GeneralizedTime of the same length.
  const at = tbs.indexOf(Buffer.of(0x17, 0x0d));
  tbs[at] = 0x18;
  assert.match(lintCertificate(tbs, sampleContext('leaf')).join(), /^encoding: time/);
});

test('bad/bytes that are no certificate', () => {
  const writer = new DerWriter();
  writer.sequence(() => writer.smallInteger(1));
  assert.match(lintCertificate(writer.finish(), sampleContext('leaf')).join(), /^encoding: /);
});
