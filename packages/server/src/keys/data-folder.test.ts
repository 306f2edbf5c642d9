/** The data folder: created tight, refused when loose. */
import assert from 'node:assert/strict';
import { chmod, mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { ensureDataFolder } from './data-folder.ts';

let folder = '';
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tegata-data-'));
});
after(() => rm(folder, { recursive: true, force: true }));

test('a missing folder is created with mode 0700, whatever the umask', async () => {
  const path = join(folder, 'new', 'data');
  const before = process.umask(0);
  try {
    assert.deepEqual(await ensureDataFolder(path), { ok: true, value: { created: true } });
  } finally {
    process.umask(before);
  }
  assert.equal((await stat(path)).mode & 0o777, 0o700);
});

test('an existing folder of ours alone is taken as it is', async () => {
  const path = join(folder, 'tight');
  await ensureDataFolder(path);
  assert.deepEqual(await ensureDataFolder(path), { ok: true, value: { created: false } });
});

for (const mode of [0o750, 0o705, 0o777, 0o701]) {
  test(`fail/a folder with mode ${mode.toString(8)}: the sentence tells the remedy`, async () => {
    const path = join(folder, `loose ${mode}`);
    await ensureDataFolder(path);
    await chmod(path, mode);
    const found = await ensureDataFolder(path);
    assert.ok(!found.ok);
    assert.equal(found.error.code, 'loose-mode');
    assert.ok(found.error.detail.includes(`(mode ${mode.toString(8)})`));
    assert.ok(found.error.detail.endsWith(`run: chmod 700 '${path}'`));
  });
}

test('fail/a file where the folder should be', async () => {
  const path = join(folder, 'file');
  await writeFile(path, '');
  const found = await ensureDataFolder(path);
  assert.ok(!found.ok);
  assert.equal(found.error.code, 'not-a-folder');
});

test('fail/a folder that cannot be created', async () => {
  const path = join(folder, 'file', 'below');
  const found = await ensureDataFolder(path);
  assert.ok(!found.ok);
  assert.match(found.error.detail, /ENOTDIR/);
});

test('fail/a file system that has no room for folders, without hanging', {
  skip: process.platform !== 'linux' && 'needs /proc',
}, async () => {
  const refused = await ensureDataFolder('/proc/tegata/data');
  assert.ok(!refused.ok && /cannot be created \(ENOENT\)/.test(refused.error.detail));
});
