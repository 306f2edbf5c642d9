import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { after, before, test } from 'node:test';
import { peekInitialAccessToken } from '../../oauth/clients/initial-access-token.ts';
import type { Store } from '../../ports/store.ts';
import { openStore } from '../../store/open-store.ts';
import { runCli } from '../run.ts';

const folder = mkdtempSync(join(tmpdir(), 'tegata-client-token-'));
const path = join(folder, 'tegata.db');
let store: Store;

before(async () => {
  const opened = await openStore(`sqlite:${path}`);
  if (!opened.ok) throw new Error(opened.error.message);
  store = opened.value;
});
after(async () => {
  await store.close();
  rmSync(folder, { recursive: true });
});

async function clientToken(...words: readonly string[]) {
  let [stdout, stderr] = ['', ''];
  const settings = ['--data', folder, '--set', `store.url=sqlite:${path}`];
  const code = await runCli(['client', 'token', ...settings, ...words], {
    out: (text) => {
      stdout += text;
    },
    err: (text) => {
      stderr += text;
    },
    input: Readable.from([]),
    environment: {},
    colour: false,
  });
  return { code, stdout, stderr };
}

const enabled = ['--set', 'oauth.registration.enabled=true'];

test('the token that is printed is in the store, for as long as it says', async () => {
  const { code, stdout, stderr } = await clientToken(...enabled, '--lifetime', '15m', '--json');
  assert.deepEqual([code, stderr], [0, '']);
  const { initial_access_token: token, expires_at: expiresAt } = JSON.parse(stdout);
  assert.ok(Math.abs(expiresAt * 1000 - Date.now() - 15 * 60_000) < 60_000, `${expiresAt}`);
  assert.ok(await peekInitialAccessToken(store.oneTime, token, expiresAt * 1000 - 1));
  assert.equal(await peekInitialAccessToken(store.oneTime, token, (expiresAt + 1) * 1000), undefined);
});

test('people are told to keep the token', async () => {
  const { stdout } = await clientToken(...enabled);
  assert.match(stdout, / initial access token +\S{30,}\n +good until +\d{4}-\d\d-\d\dT\S+Z\nKeep it now/);
});

test('no token is made while nobody may register with it', async () => {
  const { code, stdout, stderr } = await clientToken();
  assert.deepEqual([code, stdout], [1, '']);
  assert.match(
    stderr,
    /^tegata: The server does not let clients register themselves\. Set oauth\.registration\.enabled/,
  );
});

test('a lifetime that is none, too short or too long is a misuse', async () => {
  for (const lifetime of ['soon', '59s', '31d', '1y', '-1d']) {
    const { code, stderr } = await clientToken(...enabled, `--lifetime=${lifetime}`);
    assert.equal(code, 2, lifetime);
    assert.match(stderr, /--lifetime is not a time from 1m to 30d/);
  }
});
