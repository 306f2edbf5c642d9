/** Reads columns by type; a column of another type than the schema promises is a defect and throws. */
import type { Row, SqlValue } from './unit.ts';

export function text(row: Row, column: string): string {
  const value = row[column];
  if (typeof value !== 'string') throw wrongType(column, 'text');
  return value;
}

export function integer(row: Row, column: string): number {
  const value = row[column];
  if (typeof value !== 'number') throw wrongType(column, 'an integer');
  return value;
}

export function bytes(row: Row, column: string): Uint8Array {
  const value = row[column];
  if (!(value instanceof Uint8Array)) throw wrongType(column, 'bytes');
  return value;
}

/** A column of JSON that this store wrote itself. */
export function json<T>(row: Row, column: string): T {
  return JSON.parse(text(row, column)) as T;
}

export function flag(row: Row, column: string): boolean {
  return integer(row, column) !== 0;
}

/** `{ [member]: value }`, or nothing where the column is NULL: how an optional member of a record is read. */
export function optional<Member extends string, T>(
  row: Row,
  column: string,
  member: Member,
  reader: (row: Row, column: string) => T,
): { readonly [M in Member]?: T } {
  return row[column] === null ? {} : ({ [member]: reader(row, column) } as { readonly [M in Member]: T });
}

/** NULL for an absent member. */
export function orNull<T extends SqlValue>(value: T | undefined): T | null {
  return value ?? null;
}

/** Absent stays NULL, everything else becomes JSON text. */
export function jsonOrNull(value: object | undefined): string | null {
  return value === undefined ? null : JSON.stringify(value);
}

function wrongType(column: string, expected: string): Error {
  return new Error(`column ${column} does not hold ${expected}`);
}
