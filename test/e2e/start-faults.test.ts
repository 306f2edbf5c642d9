/** What stands in the way of a start: one sentence that says what to do, and nothing lost. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  closeSync,
  existsSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { unwrap } from '@tegata/core/result';
import { openStore } from '@tegata/server/store/open-store';
import { startServer } from '../support/server.ts';

const main = fileURLToPath(new URL('../../packages/server/src/cli/main.ts', import.meta.url));
const passphrase = 'four words of nothing';

describe('a server that cannot start', () => {
  let folder: string;
  let data: string;
  let database: string;

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'tegata-faults-'));
    data = join(folder, 'data');
    database = join(data, 'tegata.db');
    const server = await startServer({ data: folder, env: { TEGATA_PASSPHRASE: passphrase } });
    assert.equal(await server.stop(), 0);
  });
  after(() => rmSync(folder, { recursive: true }));

  const serve = async (
    options: readonly string[] = [],
    env: Readonly<Record<string, string>> = { TEGATA_PASSPHRASE: passphrase },
    at = data,
  ) => {
    const ports = ['--listen', 'localhost:0', '--set', 'http.listen=localhost:0', '--set', 'metrics.listen=off'];
    const child = spawn(process.execPath, [main, 'serve', '--data', at, ...ports, ...options], {
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: 30_000,
    });
    let output = '';
    child.stderr.on('data', (chunk) => {
      output += chunk;
    });
    // A server that starts after all has to be ended, so that the test fails instead of hanging.
    child.stdout.on('data', () => child.kill('SIGTERM'));
    const [code] = (await once(child, 'close')) as [number | null];
    return { code, sentence: output.trim() };
  };
  const refuses = async (outcome: ReturnType<typeof serve>, message: RegExp) => {
    const { code, sentence } = await outcome;
    assert.equal(code, 1, sentence);
    assert.match(sentence, message);
    assert.equal(sentence.split('\n').length, 1, `more than one line:\n${sentence}`);
  };

  it('says that a passphrase is wrong, and takes the right one afterwards', async () => {
    const untouched = readFileSync(database);
    await refuses(serve([], { TEGATA_PASSPHRASE: 'five words of nothing at all' }), /passphrase/);
    assert.deepEqual(readFileSync(database), untouched);
    const again = await startServer({ data: folder, env: { TEGATA_PASSPHRASE: passphrase } });
    assert.equal(await again.stop(), 0);
  });

  it('says that the passphrase is missing, and makes no key file of its own', async () => {
    await refuses(serve([], {}), /passphrase/);
    assert.equal(existsSync(join(data, 'master.key')), false);
  });

  it('says that others can look into the data folder', async () => {
    chmodSync(data, 0o755);
    await refuses(serve(), /open to other users \(mode 755\); run: chmod 700 /);
    chmodSync(data, 0o700);
  });

  it('says that others can read the database', async () => {
    chmodSync(database, 0o644);
    await refuses(serve(), /chmod 600/);
    chmodSync(database, 0o600);
  });

  it('says that the data folder is a file', async () => {
    const file = join(folder, 'file');
    writeFileSync(file, '');
    await refuses(serve([], {}, file), /is not a folder; choose another data folder with --data/);
  });

  it('says that the data folder cannot be made', async () => {
    writeFileSync(join(folder, 'file'), '');
    await refuses(serve([], {}, join(folder, 'file/data')), /file\/data.*(--data|check its owner)/);
  });

  it('says that the clock was set back', async () => {
    const store = unwrap(await openStore(`sqlite:${database}`));
    const tomorrow = Date.now() + 86_400_000;
    await store.audit.append([{ at: tomorrow, event: 'server.started' }]);
    await store.close();
    await refuses(serve(), /set the clock of this machine/);
  });

  it('says that the database is damaged, and leaves it as it is', async () => {
    const file = openSync(database, 'r+');
    writeSync(file, Buffer.alloc(4_096, 0x5a), 0, 4_096, 0);
    closeSync(file);
    const damaged = readFileSync(database);
    await refuses(serve(), /damaged|not a database/);
    assert.deepEqual(readFileSync(database), damaged);
  });
});
