/** Lists by keyset: an opaque cursor, a hard limit, never an offset. */

export interface PageRequest {
  /** `cursor` of the page before; absent for the first page. */
  readonly after?: string;
  /** 1 to 500. */
  readonly limit: number;
}

export interface Page<T> {
  readonly items: readonly T[];
  /** Present when there is more. */
  readonly cursor?: string;
}
