/** Everything in which the engines' SQL differs: names of column types and two table options. */

export interface Dialect {
  readonly name: 'sqlite' | 'postgres';
  /** Type of a byte column. */
  readonly bytes: string;
  /** Type of a text column that compares byte by byte. */
  readonly text: string;
  /** Ends the CREATE TABLE of small rows that are found by primary key only: one tree instead of two. */
  readonly clustered: string;
}

export const sqliteDialect: Dialect = { name: 'sqlite', bytes: 'BLOB', text: 'TEXT', clustered: ' WITHOUT ROWID' };

export const postgresDialect: Dialect = { name: 'postgres', bytes: 'BYTEA', text: 'TEXT COLLATE "C"', clustered: '' };
