/**
 * Runs a command of the repository on the Node version that the repository pins, after installing what is missing.
 * Plain JavaScript without dependencies: this file alone has to work on the Node that the machine happens to have (20 or newer).
 */
import { spawn, spawnSync } from 'node:child_process';
import { accessSync, constants, readFileSync } from 'node:fs';
import module from 'node:module';
import { delimiter, join, resolve } from 'node:path';
import process from 'node:process';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = resolve(fileURLToPath(import.meta.url), '../..');
const pinnedNode = join(root, 'node_modules/.bin/node');

/** `full` commands need the development dependencies as well. */
const commands = {
  start: { script: 'packages/server/src/cli/main.ts', first: ['serve'], full: false },
  cli: { script: 'packages/server/src/cli/main.ts', first: [], full: false },
  test: { script: 'tools/run-tests.ts', first: [], full: true },
  check: { script: 'tools/run-checks.ts', first: [], full: true },
  bench: { script: 'bench/main.ts', first: [], full: true },
};

function readJson(path) {
  try {
    return JSON.parse(readFileSync(join(root, path), 'utf8'));
  } catch {
    return undefined;
  }
}

/**
 * Which packages of the lock file are absent from node_modules or there in another version. npm writes down what it has
 * installed when it is done, so an interrupted installation shows as everything missing.
 */
function missingPackages(full) {
  const locked = readJson('package-lock.json')?.packages ?? {};
  const installed = readJson('node_modules/.package-lock.json')?.packages ?? {};
  return Object.keys(locked).filter((path) => {
    const wanted = locked[path];
    if (!path.startsWith('node_modules/') || wanted.optional || wanted.devOptional) return false;
    if (wanted.dev && !full) return false;
    const present = installed[path];
    return present === undefined || present.version !== wanted.version || present.integrity !== wanted.integrity;
  });
}

function hasDevelopmentPackages() {
  return Object.values(readJson('node_modules/.package-lock.json')?.packages ?? {}).some((one) => one.dev);
}

/** The environment without node_modules/.bin in its search path: npm must not run on the Node that it replaces. */
function environmentForNpm() {
  const path = (process.env.PATH ?? '').split(delimiter).filter((folder) => !folder.endsWith('node_modules/.bin'));
  return { ...process.env, PATH: path.join(delimiter) };
}

function canRun(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function stop(sentence) {
  process.stderr.write(`${sentence}\n`);
  process.exit(1);
}

function adviceFor(output) {
  if (/ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|network/i.test(output)) {
    return 'The package registry could not be reached. Check the network (or set one that can be reached with `npm config set registry URL`), then run the same command again.';
  }
  if (/ENOSPC/.test(output)) return 'The disk is full. Free about 500 MB, then run the same command again.';
  if (/EACCES|EPERM|EROFS/.test(output)) {
    return `The folder ${root} cannot be written. Make it yours with chown, then run the same command again.`;
  }
  return 'Run `npm install` here to see all of the messages.';
}

/** Installs with npm, quietly: one line while it works, the reason and what to do when it fails. */
function install(full) {
  const started = canRun(pinnedNode);
  const wanted = full || hasDevelopmentPackages();
  process.stderr.write(`Installing what Tegata needs${started ? ' in addition' : ' (only this once)'} …\n`);
  // Not `npm ci`: that removes everything first, under a running server too, and it refuses a lock file without the packages of
  // other platforms, which is what npm writes where a registry does not carry those. The locked versions are installed either way.
  const args = [
    'install',
    '--no-save',
    '--no-audit',
    '--no-fund',
    '--loglevel=error',
    ...(wanted ? [] : ['--omit=dev']),
  ];
  const outcome = spawnSync('npm', args, { cwd: root, env: environmentForNpm(), encoding: 'utf8' });
  if (outcome.error?.code === 'ENOENT') {
    stop('npm is not installed. Install Node.js 20 or newer together with npm, then run the same command again.');
  }
  const output = `${outcome.stdout ?? ''}${outcome.stderr ?? ''}`;
  if (outcome.status !== 0) {
    stop(`${output.trim().split('\n').slice(-12).join('\n')}\nInstallation failed. ${adviceFor(output)}`);
  }
  if (!canRun(pinnedNode)) {
    stop(
      'Installation ended without the pinned Node.js: npm was told not to run install scripts. Run `npm rebuild node --ignore-scripts=false`, then the same command again.',
    );
  }
}

/** Runs `script` in this process when it is the pinned Node already (npm puts that first in the search path), else in a child. */
async function run(script, args) {
  const path = join(root, script);
  if (process.version === `v${readJson('package.json')?.dependencies?.node}`) {
    module.enableCompileCache(join(root, 'node_modules/.cache/compile'));
    process.argv = [process.execPath, path, ...args];
    await import(pathToFileURL(path).href);
    return;
  }
  const env = { ...process.env, NODE_COMPILE_CACHE: join(root, 'node_modules/.cache/compile') };
  const child = spawn(pinnedNode, [path, ...args], { stdio: 'inherit', env });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.on('error', (error) => stop(`The pinned Node.js could not be started: ${error.message}`));
  child.on('exit', (code, signal) => {
    if (signal === null) process.exit(code ?? 1);
    process.removeAllListeners(signal);
    process.kill(process.pid, signal);
  });
}

const [name = '', ...rest] = process.argv.slice(2);
const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
if (command === undefined) stop(`Usage: node tools/bootstrap.mjs ${Object.keys(commands).join('|')} [arguments]`);
if (!canRun(pinnedNode) || missingPackages(command.full).length > 0) install(command.full);
await run(command.script, [...command.first, ...rest]);
