/** The key file: written once and whole, refused when loose or damaged. */
import assert from 'node:assert/strict';
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { systemRandom } from '@tegata/core/random';
import { unwrap } from '@tegata/core/result';
import { createKeyFile, readKeyFile } from './key-file.ts';

const random = systemRandom();
let folder = '';
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tegata-key-'));
});
after(() => rm(folder, { recursive: true, force: true }));

async function damaged(content: string | Uint8Array): Promise<string> {
  const path = join(folder, 'damaged.key');
  await writeFile(path, content, { mode: 0o600 });
  const read = await readKeyFile(path);
  assert.ok(!read.ok);
  assert.equal(read.error.code, 'damaged-key-file');
  assert.match(read.error.detail, /restore it from your backup/);
  return read.error.detail;
}

test('a created key file has mode 0600, 32 bytes and nothing beside it', async () => {
  const path = join(folder, 'sub', 'master.key');
  await mkdir(join(folder, 'sub'));
  const before = process.umask(0);
  try {
    assert.ok((await createKeyFile(path, random)).ok);
  } finally {
    process.umask(before);
  }
  assert.equal((await stat(path)).mode & 0o777, 0o600);
  assert.equal(unwrap(await readKeyFile(path))?.length, 32);
  assert.deepEqual(await readdir(join(folder, 'sub')), ['master.key']);
});

test('a key file that is there already is never replaced: of two starting processes the first wins', async () => {
  const path = join(folder, 'raced.key');
  const results = await Promise.all([1, 2, 3, 4].map(() => createKeyFile(path, random)));
  assert.ok(results.every((result) => result.ok));
  const first = await readFile(path, 'latin1');
  assert.ok((await createKeyFile(path, random)).ok);
  assert.equal(await readFile(path, 'latin1'), first);
});

test('no file at all is no fault', async () => {
  assert.deepEqual(await readKeyFile(join(folder, 'missing.key')), { ok: true, value: undefined });
});

test('fail/a key file truncated at any length', async () => {
  const path = join(folder, 'whole.key');
  await createKeyFile(path, random);
  const whole = await readFile(path, 'latin1');
  for (const length of [0, 1, 13, 20, whole.length - 2]) await damaged(whole.slice(0, length));
});

test('fail/a key file with other content', async () => {
  await damaged('not a key\n');
  await damaged(new Uint8Array(32));
  await damaged(`tegata-key-1:${'A'.repeat(42)}=\n`);
  await damaged(`tegata-key-1:${'A'.repeat(42)}B\n`);
  await damaged('x'.repeat(5000));
});

test('fail/a key file that others may read', async () => {
  const path = join(folder, 'loose.key');
  await createKeyFile(path, random);
  await chmod(path, 0o644);
  const read = await readKeyFile(path);
  assert.ok(!read.ok);
  assert.equal(read.error.detail, `The file ${path} is open to other users (mode 644); run: chmod 600 ${path}`);
});

test('fail/a folder or a dangling link in place of the key file', async () => {
  const read = await readKeyFile(folder);
  assert.ok(!read.ok);
  assert.equal(read.error.code, 'not-a-file');
  await symlink(join(folder, 'nowhere'), join(folder, 'link.key'));
  const dangling = await readKeyFile(join(folder, 'link.key'));
  assert.ok(!dangling.ok);
  assert.equal(dangling.error.code, 'unreadable');
});

test('fail/a folder that cannot be written leaves nothing behind', async () => {
  const created = await createKeyFile(join(folder, 'absent', 'master.key'), random);
  assert.ok(!created.ok);
  assert.equal(created.error.code, 'unwritable');
  assert.match(created.error.detail, /ENOENT/);
});
