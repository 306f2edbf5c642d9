/** Where the key-encryption key comes from. */
import assert from 'node:assert/strict';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { chooseKeySource, type KeySourceOptions } from './key-source.ts';

let folder = '';
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tegata-source-'));
});
after(() => rm(folder, { recursive: true, force: true }));

const passphrase = 'correct horse battery staple';

async function put(name: string, content: string | Uint8Array, mode = 0o600): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, content);
  await chmod(path, mode);
  return path;
}

async function refusal(options: Omit<KeySourceOptions, 'dataFolder'>): Promise<string> {
  const source = await chooseKeySource({ dataFolder: folder, ...options });
  assert.ok(!source.ok);
  return source.error.detail;
}

test('without anything given it is the key file in the data folder', async () => {
  const source = await chooseKeySource({ dataFolder: '/srv/data' });
  assert.deepEqual(source, { ok: true, value: { kind: 'file', path: '/srv/data/master.key' } });
});

test('a passphrase file wins over the environment, which wins over a systemd credential', async () => {
  const path = await put('phrase', `${passphrase}\n`);
  await put('tegata-passphrase', 'the one of the credential', 0o440);
  const variable = { value: 'the one of the environment', variable: 'TEGATA_PASSPHRASE' };
  const all = { dataFolder: folder, passphraseFile: path, passphrase: variable, credentialsDirectory: folder };
  const { passphraseFile: _, ...withoutFile } = all;
  const { passphrase: __, ...credentialOnly } = withoutFile;
  assert.deepEqual(await chooseKeySource(all), {
    ok: true,
    value: { kind: 'passphrase', passphrase, origin: `the file ${path}` },
  });
  assert.deepEqual(await chooseKeySource(withoutFile), {
    ok: true,
    value: { kind: 'passphrase', passphrase: variable.value, origin: 'the variable TEGATA_PASSPHRASE' },
  });
  assert.deepEqual(await chooseKeySource(credentialOnly), {
    ok: true,
    value: { kind: 'passphrase', passphrase: 'the one of the credential', origin: 'the credential tegata-passphrase' },
  });
});

test('a credentials folder without our credential means the key file', async () => {
  const source = await chooseKeySource({ dataFolder: '/srv/data', credentialsDirectory: '/nonexistent' });
  assert.deepEqual(source, { ok: true, value: { kind: 'file', path: '/srv/data/master.key' } });
});

test('one line feed at the end, with or without a carriage return, is not part of the passphrase', async () => {
  for (const end of ['', '\n', '\r\n']) {
    const source = await chooseKeySource({ dataFolder: folder, passphraseFile: await put('end', passphrase + end) });
    assert.ok(source.ok && source.value.kind === 'passphrase');
    assert.equal(source.value.passphrase, passphrase);
  }
});

test('fail/a passphrase file that is not there', async () => {
  assert.match(await refusal({ passphraseFile: join(folder, 'missing') }), /does not exist/);
});

test('fail/a passphrase file that others may read', async () => {
  assert.match(await refusal({ passphraseFile: await put('loose', passphrase, 0o640) }), /chmod 600/);
});

test('fail/a passphrase that is too short, of several lines, not text, or a folder', async () => {
  assert.match(await refusal({ passphrase: { value: 'short', variable: 'X' } }), /variable X is too short/);
  assert.match(await refusal({ passphrase: { value: '', variable: 'X' } }), /too short/);
  assert.match(await refusal({ passphraseFile: await put('lines', `${passphrase}\nmore\n`) }), /more than one line/);
  assert.match(
    await refusal({ passphraseFile: await put('binary', Uint8Array.of(0xff, 0xfe)) }),
    /not one line of UTF-8/,
  );
  assert.match(await refusal({ passphraseFile: folder }), /not a file/);
});

test('fail/no message contains the passphrase', async () => {
  for (const value of ['hunter2', 'hunter2hunter2\nhunter2']) {
    assert.doesNotMatch(await refusal({ passphrase: { value, variable: 'X' } }), /hunter2/);
  }
});
