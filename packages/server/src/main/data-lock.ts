/** One server at a time for one data folder: a lock that the operating system takes back when its holder dies. */
import { closeSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { fail, ok, type Result } from '@tegata/core/result';
import type { StartupFault } from './startup-fault.ts';

export interface DataLock {
  release(): void;
}

const sqliteBusy = 5;

/**
 * Takes the lock of the folder for the life of this process. An empty SQLite file held in an exclusive transaction is
 * such a lock on every platform, without a file of process ids that a crash would leave behind.
 */
export function lockDataFolder(folder: string): Result<DataLock, StartupFault> {
  const path = join(folder, 'server.lock');
  let database: DatabaseSync | undefined;
  try {
    closeSync(openSync(path, 'a', 0o600));
    database = new DatabaseSync(path, { timeout: 0 });
    database.exec('BEGIN EXCLUSIVE');
    const held = database;
    return ok({ release: () => held.close() });
  } catch (error) {
    database?.close();
    const { errcode, message } = error as Error & { readonly errcode?: number };
    const detail =
      errcode === sqliteBusy
        ? `Another server is running on the data folder ${folder}: stop it first, or give this one a folder of its own with --data.`
        : `The data folder ${folder} cannot be locked: ${message}. Make it writable for this user, or choose another with --data.`;
    return fail({ code: 'data', detail });
  }
}
