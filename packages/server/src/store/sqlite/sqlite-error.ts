/** SQLite's result codes as store errors (https://www.sqlite.org/rescode.html). */
import { StoreError } from '../store-error.ts';

const busy = 5;
const locked = 6;
const readOnly = 8;
const ioError = 10;
const corrupt = 11;
const full = 13;
const cannotOpen = 14;
const notADatabase = 26;

/** The primary result code of an error from SQLite; `undefined` for any other error. */
function sqliteCode(error: unknown): number | undefined {
  if (!(error instanceof Error) || !('errcode' in error) || typeof error.errcode !== 'number') return undefined;
  return error.errcode & 0xff;
}

/** Whether another connection holds the lock. */
export function isBusy(error: unknown): boolean {
  const code = sqliteCode(error);
  return code === busy || code === locked;
}

/** The store error for a failing storage; any other error (a defect such as a violated constraint) as it is. */
export function describeSqliteError(error: unknown, path: string): unknown {
  const because = error instanceof Error ? error.message : String(error);
  const failure = (kind: StoreError['kind'], what: string, remedy: string) =>
    new StoreError(kind, `The database ${path} ${what}: ${because}.`, remedy, error);
  switch (sqliteCode(error)) {
    case full:
      return failure('full', 'cannot grow', 'Free space on its disk; nothing acknowledged was lost.');
    case readOnly:
      return failure('read-only', 'cannot be written', 'Make the file and its folder writable for this user.');
    case corrupt:
    case notADatabase:
      return failure('corrupt', 'is damaged or not a database', 'Restore a backup; the file was left as it was.');
    case busy:
    case locked:
      return failure('locked', 'is held by another process', 'End the other process that uses it and try again.');
    case cannotOpen:
      return failure('unavailable', 'cannot be opened', 'Check that its folder exists and belongs to this user.');
    case ioError:
      return failure('unavailable', 'cannot be read or written', 'Check the disk and the free space on it.');
    default:
      return error;
  }
}
