/** Everything that a server has stored, read past it. */
import { DatabaseSync } from 'node:sqlite';

/** Rows of every table of an SQLite database as JSON texts, by table. */
export type Rows = Readonly<Record<string, readonly string[]>>;

/** @param except tables left out */
export function readRows(database: string, except: readonly string[] = []): Rows {
  const connection = new DatabaseSync(database, { readOnly: true });
  try {
    const tables = connection.prepare(`SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name`).all();
    const names = tables.map(({ name }) => String(name)).filter((name) => !except.includes(name));
    return Object.fromEntries(names.map((name) => [name, rowsOf(connection, name)]));
  } finally {
    connection.close();
  }
}

function rowsOf(connection: DatabaseSync, table: string): readonly string[] {
  const rows = connection.prepare(`SELECT * FROM ${table}`).all();
  return rows.map((row) => JSON.stringify(row)).sort();
}
