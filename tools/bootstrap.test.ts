import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';

/** The Node that a stranger's machine has, which may be much older than the one that runs this test. */
const nodeOfTheMachine =
  (process.env.PATH ?? '')
    .split(delimiter)
    .filter((folder) => !folder.endsWith('node_modules/.bin'))
    .map((folder) => join(folder, 'node'))
    .find((path) => existsSync(path)) ?? process.execPath;

const locked = {
  'node_modules/node': { version: '26.0.0', integrity: 'sha512-a' },
  'node_modules/knip': { version: '6.0.0', integrity: 'sha512-b', dev: true },
  'node_modules/other-platform': { version: '1.0.0', integrity: 'sha512-c', optional: true },
};
const lockFile = (packages: object) => JSON.stringify({ packages });

describe('bootstrap', () => {
  let checkout: string;
  const write = (path: string, text: string, mode = 0o644) => {
    mkdirSync(dirname(join(checkout, path)), { recursive: true });
    writeFileSync(join(checkout, path), text);
    chmodSync(join(checkout, path), mode);
  };
  const log = () => (existsSync(join(checkout, 'npm.log')) ? readFileSync(join(checkout, 'npm.log'), 'utf8') : '');
  const environment = () => ({ ...process.env, PATH: `${checkout}/tools-of-the-machine:${process.env.PATH}` });
  const run = (...args: readonly string[]) =>
    spawnSync(nodeOfTheMachine, ['tools/bootstrap.mjs', ...args], {
      cwd: checkout,
      env: environment(),
      encoding: 'utf8',
    });
  /** What npm leaves behind; the pinned Node is the one that runs this test. */
  const installed = (packages: object) => {
    write('node_modules/.package-lock.json', lockFile(packages));
    write('node_modules/.bin/node', `#!/bin/sh\nexec "${process.execPath}" "$@"\n`, 0o755);
  };
  /** An npm that notes how it was called and, if told so, installs. */
  const npm = (commands: string) =>
    write(
      'tools-of-the-machine/npm',
      `#!/bin/sh\necho "$@" >> "${checkout}/npm.log"\ncd "${checkout}"\n${commands}\n`,
      0o755,
    );

  beforeEach(() => {
    checkout = mkdtempSync(join(tmpdir(), 'tegata-bootstrap-'));
    mkdirSync(join(checkout, 'tools'));
    copyFileSync(new URL('bootstrap.mjs', import.meta.url), join(checkout, 'tools/bootstrap.mjs'));
    write('package.json', JSON.stringify({ type: 'module', dependencies: { node: '26.0.0' } }));
    write('package-lock.json', lockFile(locked));
    write('packages/server/src/cli/main.ts', 'console.log("server", process.argv.slice(2).join(" "));');
    write('tools/run-tests.ts', 'console.log("tests", process.argv.slice(2).join(" ")); process.exitCode = 3;');
  });
  afterEach(() => rmSync(checkout, { recursive: true }));

  it('starts at once when everything is there, with the arguments of the caller', () => {
    npm('exit 9');
    installed({ 'node_modules/node': locked['node_modules/node'] });
    const { stdout, stderr, status } = run('start', '--listen', 'localhost:1');
    assert.deepEqual([stdout, stderr, status], ['server serve --listen localhost:1\n', '', 0]);
    assert.equal(log(), '');
  });

  it('installs without development packages for a first start', () => {
    npm('mkdir -p node_modules/.bin && cp node-for-test node_modules/.bin/node');
    write('node-for-test', `#!/bin/sh\nexec "${process.execPath}" "$@"\n`, 0o755);
    const { stdout, stderr } = run('start');
    assert.equal(stdout, 'server serve\n');
    assert.match(stderr, /^Installing what Tegata needs .*…\n$/, 'one quiet line');
    assert.match(log(), /^install --no-save .*--omit=dev$/m);
  });

  it('adds the development packages for tests', () => {
    npm('');
    installed({ 'node_modules/node': locked['node_modules/node'] });
    const { stdout, status } = run('test', 'store');
    assert.deepEqual([stdout, status], ['tests store\n', 3], 'the exit code is handed on');
    assert.match(log(), /^install --no-save (?!.*--omit)/);
  });

  it('installs again when the lock file names another version', () => {
    npm('');
    installed({ 'node_modules/node': { version: '25.0.0', integrity: 'sha512-z' } });
    run('start');
    assert.match(log(), /^install/);
  });

  it('keeps development packages when a start has to install', () => {
    npm('');
    installed({ ...locked, 'node_modules/node': { version: '25.0.0', integrity: 'sha512-z' } });
    run('start');
    assert.doesNotMatch(log(), /--omit/);
  });

  const failures: Record<string, readonly [string, RegExp]> = {
    'the registry is out of reach': ['echo "npm error code ENOTFOUND" >&2; exit 1', /registry could not be reached/],
    'the disk is full': ['echo "npm error code ENOSPC" >&2; exit 1', /The disk is full/],
    'the folder is read-only': ['echo "npm error code EACCES" >&2; exit 1', /cannot be written/],
    'npm fails otherwise': ['echo "strange" >&2; exit 1', /strange\nInstallation failed\. Run `npm install`/],
    'npm ran no install scripts': ['mkdir -p node_modules', /--ignore-scripts=false/],
  };
  for (const [name, [commands, message]] of Object.entries(failures)) {
    it(`says what to do when ${name}`, () => {
      npm(commands);
      const { stderr, status } = run('start');
      assert.match(stderr, message);
      assert.equal(status, 1);
    });
  }

  it('refuses a command that it does not know', () => {
    const { stderr, status } = run('constructor');
    assert.match(stderr, /^Usage: /);
    assert.equal(status, 1);
  });

  it('hands signals on to what it started', async () => {
    installed({ 'node_modules/node': locked['node_modules/node'] });
    write(
      'packages/server/src/cli/main.ts',
      "process.on('SIGTERM', () => { console.log('stopping'); process.exit(7); }); setInterval(() => {}, 1000); console.log('up');",
    );
    const child = spawn(nodeOfTheMachine, ['tools/bootstrap.mjs', 'start'], {
      cwd: checkout,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let output = '';
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
      output += chunk;
      if (chunk.includes('up')) child.kill('SIGTERM');
    });
    const [code] = await once(child, 'close');
    assert.deepEqual([output, code], ['up\nstopping\n', 7]);
  });
});
