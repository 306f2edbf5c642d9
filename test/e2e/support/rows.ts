/** Everything that a server has stored, read past it. */
import { DatabaseSync } from 'node:sqlite';
import pg from 'pg';

/** Rows of every table of a database as JSON texts, by table. */
export type Rows = Readonly<Record<string, readonly string[]>>;

/** Of an SQLite file. @param except tables left out */
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

/** Of a PostgreSQL database. @param except tables left out */
export async function readPostgresRows(url: string, except: readonly string[] = []): Promise<Rows> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const tables = await client.query(`SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename`);
    const rows: Record<string, readonly string[]> = {};
    for (const { tablename: name } of tables.rows) {
      if (except.includes(name)) continue;
      const found = await client.query(`SELECT * FROM ${name}`);
      rows[name] = found.rows.map((row) => JSON.stringify(row)).sort();
    }
    return rows;
  } finally {
    await client.end();
  }
}

function rowsOf(connection: DatabaseSync, table: string): readonly string[] {
  const rows = connection.prepare(`SELECT * FROM ${table}`).all();
  return rows.map((row) => JSON.stringify(row)).sort();
}
