/** The embedded engine: one writer behind the group commit, one reader, both on node:sqlite. */
import { StoreError } from '../store-error.ts';
import type { SqlEngine, UnitBody } from '../unit.ts';
import { type Connection, openConnection } from './connection.ts';
import { createGroupCommit, drive } from './group-commit.ts';
import { openWriter } from './open-file.ts';
import { describeSqliteError } from './sqlite-error.ts';

export interface SqliteOptions {
  /** Upper bound of the file in pages of 4096 bytes: a quota. */
  readonly maximumPages?: number;
  /** How long writes wait for another process that holds the lock; 5 s unless told. */
  readonly lockMilliseconds?: number;
}

const flushUnits = 512;
const flushMilliseconds = 5;
const defaultLockMilliseconds = 5000;
/** SQLite waits by blocking the thread, so it gets only a little of that time at once. */
const writerBusyMilliseconds = 20;
const readerBusyMilliseconds = 1000;

/**
 * Opens the file, creating it with mode 0600; `:memory:` keeps everything in this process.
 * @throws StoreError
 */
export function openSqliteEngine(path: string, options: SqliteOptions = {}): SqlEngine {
  const translate = (error: unknown): unknown => describeOpenError(error, path);
  let writer: Connection | undefined;
  try {
    writer = openWriter(path, { busyMilliseconds: writerBusyMilliseconds, ...options });
    const reader =
      path === ':memory:' ? writer : openConnection(path, { readOnly: true, busyMilliseconds: readerBusyMilliseconds });
    return createEngine(writer, reader, options, translate);
  } catch (error) {
    writer?.close();
    throw translate(error);
  }
}

function createEngine(
  writer: Connection,
  reader: Connection,
  options: SqliteOptions,
  translate: (error: unknown) => unknown,
): SqlEngine {
  const limits = {
    units: flushUnits,
    milliseconds: flushMilliseconds,
    lockMilliseconds: options.lockMilliseconds ?? defaultLockMilliseconds,
  };
  const commits = createGroupCommit(writer, limits, translate);
  let closed = false;

  function readNow<T>(body: UnitBody<T>): Promise<T> {
    try {
      return Promise.resolve(drive(reader, body));
    } catch (error) {
      return Promise.reject(translate(error));
    }
  }

  return {
    run(unit, args) {
      if (closed)
        return Promise.reject(new StoreError('unavailable', 'The store is closed.', 'Start the server again.'));
      return unit.kind === 'read' ? readNow(unit.body(...args)) : commits.write(() => unit.body(...args));
    },
    async close() {
      if (closed) return;
      closed = true;
      await commits.drain();
      if (reader !== writer) reader.close();
      writer.close();
    },
  };
}

function describeOpenError(error: unknown, path: string): unknown {
  if (!(error instanceof Error) || !('code' in error)) return describeSqliteError(error, path);
  const because = `The database ${path} cannot be opened: ${error.message}.`;
  switch (error.code) {
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return new StoreError('read-only', because, 'Make the file and its folder writable for this user.', error);
    case 'ENOSPC':
      return new StoreError('full', because, 'Free space on its disk.', error);
    case 'ENOENT':
    case 'ENOTDIR':
    case 'EISDIR':
      return new StoreError('unavailable', because, 'Name a file in an existing folder in store.url.', error);
    default:
      return describeSqliteError(error, path);
  }
}
