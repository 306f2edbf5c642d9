/** Unlocking: the right key opens, the wrong one is told so and changes nothing. */
import assert from 'node:assert/strict';
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, beforeEach, test } from 'node:test';
import { systemRandom } from '@tegata/core/random';
import { unwrap } from '@tegata/core/result';
import { openTestStore } from '../../../../test/support/ca.ts';
import type { Store } from '../ports/store.ts';
import type { KeySource } from './key-source.ts';
import { unlockKeys } from './unlock.ts';

const random = systemRandom();
const phrase = (passphrase: string): KeySource => ({ kind: 'passphrase', passphrase, origin: 'the test' });
const right = phrase('correct horse battery staple');
const secret = Buffer.of(1, 2, 3);

let folder = '';
let file: KeySource & { kind: 'file' };
let store: Store;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tegata-unlock-'));
});
after(() => rm(folder, { recursive: true, force: true }));
beforeEach(async (t) => {
  store = await openTestStore();
  file = { kind: 'file', path: join(folder, `${'name' in t ? String(t.name).replace(/\W/g, '-') : 'x'}.key`) };
});
const unlock = (source: KeySource) => unlockKeys(source, store.keys, random);

async function refusal(source: KeySource): Promise<{ code: string; detail: string }> {
  const before = await store.keys.setting('key-encryption');
  const result = await unlock(source);
  assert.ok(!result.ok);
  assert.equal(await store.keys.setting('key-encryption'), before, 'nothing is written');
  return result.error;
}

test('a passphrase opens again what it wrapped, in composed and decomposed spelling', async () => {
  const box = unwrap(await unlock(phrase('Schlüsselübergabe'.normalize('NFC')))).wrap('k', 'token', secret);
  const again = unwrap(await unlock(phrase('Schlüsselübergabe'.normalize('NFD'))));
  assert.deepEqual(again.unwrap('k', 'token', box), secret);
});

test('a key file is made at the first start and opens again what it wrapped', async () => {
  const box = unwrap(await unlock(file)).wrap('k', 'token', secret);
  assert.deepEqual(unwrap(await unlock(file)).unwrap('k', 'token', box), secret);
});

test('a box opens for its own key id and purpose only', async () => {
  const wrapping = unwrap(await unlock(file));
  const box = wrapping.wrap('k', 'token', secret);
  assert.equal(wrapping.unwrap('other', 'token', box), undefined);
  assert.equal(wrapping.unwrap('k', 'tls', box), undefined);
});

test('two nodes that start together with one passphrase agree on one salt', async () => {
  const [a, b] = await Promise.all([unlock(right), unlock(right)]);
  const box = unwrap(a).wrap('k', 'token', secret);
  assert.deepEqual(unwrap(b).unwrap('k', 'token', box), secret);
});

test('a key file that outlived a crash before the first write to the store is used', async () => {
  unwrap(await unlock(file));
  const line = await readFile(file.path, 'latin1');
  store = await openTestStore();
  unwrap(await unlock(file));
  assert.equal(await readFile(file.path, 'latin1'), line);
});

test('fail/a wrong passphrase: one sentence, nothing written', async () => {
  unwrap(await unlock(right));
  const { code, detail } = await refusal(phrase('incorrect horse battery'));
  assert.equal(code, 'wrong-key');
  assert.equal(detail, 'The passphrase in the test is wrong for this store; nothing was changed.');
});

test('fail/the key file of another installation', async () => {
  unwrap(await unlock(file));
  await writeFile(file.path, `tegata-key-1:${'A'.repeat(43)}\n`);
  assert.equal((await refusal(file)).code, 'wrong-key');
});

test('fail/a missing key file is not made anew for a store that has keys', async () => {
  unwrap(await unlock(file));
  await rm(file.path);
  const { code, detail } = await refusal(file);
  assert.equal(code, 'missing-key');
  assert.match(detail, /restore it from your backup/);
  await assert.rejects(readFile(file.path), { code: 'ENOENT' });
});

test('fail/a truncated key file at the first start is not overwritten', async () => {
  await writeFile(file.path, 'tegata-key-1:AAAA', { mode: 0o600 });
  assert.equal((await refusal(file)).code, 'damaged-key-file');
  assert.equal(await readFile(file.path, 'latin1'), 'tegata-key-1:AAAA');
});

test('fail/a loose key file', async () => {
  unwrap(await unlock(file));
  await chmod(file.path, 0o640);
  assert.equal((await refusal(file)).code, 'loose-mode');
});

test('fail/a passphrase where a key file is expected, and the other way round', async () => {
  unwrap(await unlock(file));
  assert.match((await refusal(right)).detail, /protected by a key file/);
  store = await openTestStore();
  unwrap(await unlock(right));
  assert.match((await refusal(file)).detail, /protected by a passphrase/);
});

test('fail/a mark of a later version', async () => {
  await store.keys.putSettingOnce('key-encryption', '2.tpm..AAAA');
  assert.match((await refusal(file)).detail, /newer version/);
});
