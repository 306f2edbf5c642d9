/** What a migration is: a numbered, forward-only change of the schema. */
import type { Dialect } from '../dialect.ts';

export interface Migration {
  /** Counts from 1 without gaps. */
  readonly number: number;
  readonly name: string;
  /** The statements, run in one transaction; their text may never change once released. */
  statements(dialect: Dialect): readonly string[];
}
