/** Opens the database file: creates it for this user alone, refuses what is damaged or not ours, and sets the pragmas. */
import { closeSync, openSync, statSync } from 'node:fs';
import { StoreError } from '../store-error.ts';
import { type Connection, openConnection } from './connection.ts';
import { isBusy } from './sqlite-error.ts';

/** Marks the file as ours in SQLite's header: "Tgta". */
const applicationId = 0x54677461;
const openingBusyMilliseconds = 5000;
/** Larger files are not walked at start-up; damage in them shows when it is met. */
const checkedBytes = 32 * 1024 * 1024;

export interface FileOptions {
  /** How long SQLite may block this thread for another process's lock once the store runs. */
  readonly busyMilliseconds: number;
  /** Upper bound of the file in pages of 4096 bytes: a quota. */
  readonly maximumPages?: number;
}

/**
 * The writing connection.
 * @throws SQLite's errors, or a StoreError when the file is no database of ours
 */
export function openWriter(path: string, options: FileOptions): Connection {
  const inMemory = path === ':memory:';
  if (!inMemory) createPrivately(path);
  const connection = openConnection(path, { readOnly: false, busyMilliseconds: openingBusyMilliseconds });
  try {
    if (!inMemory) checkFile(connection, path);
    if (!inMemory) checkMode(path);
    configure(connection, inMemory, options);
    return connection;
  } catch (error) {
    connection.close();
    throw error;
  }
}

function createPrivately(path: string): void {
  closeSync(openSync(path, 'a', 0o600));
}

/** SQLite gives the log and index files beside the database its own mode, so that one has to be tight. */
function checkMode(path: string): void {
  const mode = statSync(path).mode & 0o777;
  if ((mode & 0o077) === 0 || process.platform === 'win32') return;
  const shown = mode.toString(8).padStart(3, '0');
  throw new StoreError(
    'unavailable',
    `The database ${path} is open to other users (mode ${shown}).`,
    `Run: chmod 600 ${path}`,
  );
}

function checkFile(connection: Connection, path: string): void {
  const id = connection.pragma('application_id');
  const empty = connection.pragma('schema_version') === 0;
  if (id !== applicationId && !empty) {
    const remedy = 'Name another file in store.url; this one was left as it was.';
    throw new StoreError('corrupt', `The file ${path} is a database of another program.`, remedy);
  }
  if (statSync(path).size > checkedBytes) return;
  const found = connection.pragma('quick_check(1)');
  if (found !== 'ok') {
    const remedy = 'Restore a backup; the file was left as it was.';
    throw new StoreError('corrupt', `The database ${path} is damaged: ${firstFinding(String(found))}.`, remedy);
  }
}

/** Without the line that only names the database. */
function firstFinding(report: string): string {
  return report.replace(/^\*\*\*.*\n/, '').split('\n', 1)[0] as string;
}

function configure(connection: Connection, inMemory: boolean, options: FileOptions): void {
  if (!inMemory) {
    const mode = retryWhileBusy(() => connection.pragma('journal_mode = WAL'));
    if (mode !== 'wal') {
      const remedy = 'Keep the data folder on a local disk, or use PostgreSQL.';
      throw new StoreError('unavailable', 'The file system of the database cannot keep a write-ahead log.', remedy);
    }
    if (connection.pragma('application_id') !== applicationId) {
      connection.exec(`PRAGMA application_id = ${applicationId}`);
    }
  }
  connection.exec('PRAGMA synchronous = FULL');
  connection.exec('PRAGMA wal_autocheckpoint = 4000');
  connection.exec('PRAGMA journal_size_limit = 67108864');
  connection.exec('PRAGMA cache_size = -65536');
  connection.exec('PRAGMA temp_store = MEMORY');
  connection.exec('PRAGMA trusted_schema = OFF');
  if (options.maximumPages !== undefined) connection.exec(`PRAGMA max_page_count = ${options.maximumPages}`);
  connection.exec(`PRAGMA busy_timeout = ${options.busyMilliseconds}`);
}

/** Two processes that create one file together meet here, where SQLite does not always wait by itself. */
function retryWhileBusy<T>(action: () => T): T {
  for (let attempt = 1; ; attempt++) {
    try {
      return action();
    } catch (error) {
      if (!isBusy(error) || attempt === 20) throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 25);
    }
  }
}
