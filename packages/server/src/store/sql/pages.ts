/** Keyset paging: the cursor names the last row of the page before by its sort key. */
import type { Page, PageRequest } from '../../ports/stores/page.ts';
import type { SqlValue } from '../unit.ts';

const maximumLimit = 500;

/** Largest value of a BIGINT column: where a list of newest rows begins. */
export const endOfTime = Number.MAX_SAFE_INTEGER;

/** The key to continue after; `first` when there is no cursor or it is none of ours. */
export function decodeCursor<Key extends readonly (string | number)[]>(request: PageRequest, first: Key): Key {
  if (request.after === undefined) return first;
  try {
    const key: unknown = JSON.parse(Buffer.from(request.after, 'base64url').toString('utf8'));
    const fits =
      Array.isArray(key) && key.length === first.length && key.every((v, at) => typeof v === typeof first[at]);
    return fits ? (key as unknown as Key) : first;
  } catch {
    return first;
  }
}

/** One row more than asked is read, to know whether there is another page. */
export function rowsToRead(request: PageRequest): number {
  return pageSize(request) + 1;
}

/** The page made of rows read with `rowsToRead`. */
export function toPage<R, T>(
  rows: readonly R[],
  request: PageRequest,
  item: (row: R) => T,
  key: (row: R) => readonly SqlValue[],
): Page<T> {
  const size = pageSize(request);
  const items = rows.slice(0, size).map(item);
  const last = rows[size - 1];
  if (rows.length <= size || last === undefined) return { items };
  return { items, cursor: Buffer.from(JSON.stringify(key(last))).toString('base64url') };
}

function pageSize(request: PageRequest): number {
  return Math.min(maximumLimit, Math.max(1, Math.trunc(request.limit)));
}
