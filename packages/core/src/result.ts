/** Expected outcomes as values: a function that can fail for a foreseen reason returns a `Result`; a throw is a defect. */

export interface Ok<T> {
  readonly ok: true;
  readonly value: T;
}

export interface Failure<E> {
  readonly ok: false;
  readonly error: E;
}

export type Result<T, E> = Ok<T> | Failure<E>;

/** The successful outcome. */
export function ok(): Ok<void>;
export function ok<T>(value: T): Ok<T>;
export function ok<T>(value?: T): Ok<T | undefined> {
  return { ok: true, value };
}

/** The foreseen failure, carrying what the caller needs to answer it. */
export function fail<E>(error: E): Failure<E> {
  return { ok: false, error };
}

/** The value of a result that cannot have failed here; throws (a defect) when it has. */
export function unwrap<T, E>(result: Result<T, E>): T {
  if (result.ok) return result.value;
  throw new Error(`unexpected failure: ${JSON.stringify(result.error)}`);
}
