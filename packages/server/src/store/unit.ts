/** The whole contract between the store's intentions and its engines: statements, units, and who runs them. */

/** What a column or parameter may hold on every engine; big integers stay below 2^53. */
export type SqlValue = string | number | null | Uint8Array;

export type Row = Readonly<Record<string, SqlValue>>;

/** One statement of the SQL subset that all engines share; parameters are written `?1`, `?2`, …, each used at least once. */
export interface Statement {
  readonly sql: string;
  readonly params: readonly SqlValue[];
}

/** Yields statements and receives their rows. May run again from the start, so it has no effect besides its statements. */
export type UnitBody<T> = Generator<Statement, T, readonly Row[]>;

/**
 * `read`: writes nothing. `statement`: a write of at most one statement, which needs no transaction around it.
 * `write`: any number of statements, all or nothing.
 */
export type UnitKind = 'read' | 'statement' | 'write';

/** One intention. Arguments and result are plain cloneable values, so that they could cross to another thread. */
export interface Unit<A extends readonly unknown[], T> {
  readonly kind: UnitKind;
  readonly body: (...args: A) => UnitBody<T>;
}

/** A unit whose types only its caller knows. */
// biome-ignore lint/suspicious/noExplicitAny: parameters are contravariant; `never` or `unknown` would refuse every unit
export type AnyUnit = Unit<any, unknown>;

/** Units that implement every method of a port. */
export type UnitsOf<Port> = {
  readonly [Method in keyof Port]: Port[Method] extends (...args: infer A) => Promise<infer T> ? Unit<A, T> : never;
};

export interface SqlEngine {
  /**
   * Runs the unit: all or nothing, and durable when the promise resolves.
   * Rejects with a `StoreError` when the storage fails; any other rejection is a defect in the unit.
   */
  run<A extends readonly unknown[], T>(unit: Unit<A, T>, args: A): Promise<T>;
  /** Finishes what was asked before and releases everything. */
  close(): Promise<void>;
}

/** Thrown by a unit that met another writer between two of its statements: the engine runs it again from the start. */
export class LostRace extends Error {
  override readonly name = 'LostRace';
}

/** Shorthand for a statement with its parameters in order. */
export function sql(text: string, ...params: readonly SqlValue[]): Statement {
  return { sql: text, params };
}

export function read<A extends readonly unknown[], T>(body: (...args: A) => UnitBody<T>): Unit<A, T> {
  return { kind: 'read', body };
}

export function statement<A extends readonly unknown[], T>(body: (...args: A) => UnitBody<T>): Unit<A, T> {
  return { kind: 'statement', body };
}

export function write<A extends readonly unknown[], T>(body: (...args: A) => UnitBody<T>): Unit<A, T> {
  return { kind: 'write', body };
}
