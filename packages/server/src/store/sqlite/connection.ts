/** One SQLite connection with its prepared statements. */
import { DatabaseSync, type StatementSync } from 'node:sqlite';
import type { Row, Statement } from '../unit.ts';

export interface Connection {
  /** Runs a statement prepared before or now. */
  all(statement: Statement): readonly Row[];
  /** Runs text without parameters. */
  exec(text: string): void;
  /** The value of a pragma. */
  pragma(name: string): unknown;
  inTransaction(): boolean;
  close(): void;
}

export interface ConnectionOptions {
  readonly readOnly: boolean;
  /** How long SQLite itself waits for another connection's lock, blocking this thread. */
  readonly busyMilliseconds: number;
}

export function openConnection(path: string, options: ConnectionOptions): Connection {
  const database = new DatabaseSync(path, { readOnly: options.readOnly, timeout: options.busyMilliseconds });
  // Every text comes from this package's own units, so their number is small and the cache needs no bound.
  const statements = new Map<string, StatementSync>();
  return {
    all({ sql, params }) {
      let prepared = statements.get(sql);
      if (prepared === undefined) {
        prepared = database.prepare(sql);
        statements.set(sql, prepared);
      }
      return prepared.all(...params) as readonly Row[];
    },
    exec: (text) => database.exec(text),
    pragma: (name) => Object.values(database.prepare(`PRAGMA ${name}`).get() ?? {})[0],
    inTransaction: () => database.isTransaction,
    close: () => database.close(),
  };
}
