/** The audit trail: events in order of time, and within one batch in the order they were given. */
import type { AuditEvent } from '../../ports/audit.ts';
import type { Page, PageRequest } from '../../ports/stores/page.ts';
import { integer, json, text } from '../row.ts';
import { read, type SqlValue, sql, type Unit, write } from '../unit.ts';
import { decodeCursor, endOfTime, rowsToRead, toPage } from './pages.ts';

/** Rows written by one statement, the largest that fits first: few statements for any batch, and few texts to prepare. */
const rowsPerStatement = [64, 16, 4, 1];

/** Units of the audit store; `append` is told a name for the batch, unique among those of its milliseconds. */
export interface AuditUnits {
  readonly append: Unit<[batch: string, events: readonly AuditEvent[]], void>;
  readonly list: Unit<[page: PageRequest], Page<AuditEvent>>;
}

export const auditUnits: AuditUnits = {
  append: write(function* (batch, events) {
    let at = 0;
    while (at < events.length) {
      const left = events.length - at;
      const count = rowsPerStatement.find((rows) => rows <= left) ?? 1;
      const chunk = events.slice(at, at + count);
      const params = chunk.flatMap((event, row): SqlValue[] => [event.at, batch, at + row, JSON.stringify(event)]);
      yield sql(insertText(count), ...params);
      at += count;
    }
  }),

  list: read(function* (page) {
    const [at, batch, position] = decodeCursor(page, [endOfTime, '', 0] as const);
    const rows = yield sql(
      `SELECT at, batch, position, event FROM audit WHERE (at, batch, position) < (?1, ?2, ?3)
       ORDER BY at DESC, batch DESC, position DESC LIMIT ?4`,
      at,
      batch,
      position,
      rowsToRead(page),
    );
    return toPage(
      rows,
      page,
      (row) => json<AuditEvent>(row, 'event'),
      (row) => [integer(row, 'at'), text(row, 'batch'), integer(row, 'position')],
    );
  }),
};

function insertText(rows: number): string {
  const tuple = (row: number) => `(?${row * 4 + 1}, ?${row * 4 + 2}, ?${row * 4 + 3}, ?${row * 4 + 4})`;
  return `INSERT INTO audit (at, batch, position, event) VALUES ${Array.from({ length: rows }, (_, row) => tuple(row)).join(', ')}`;
}
