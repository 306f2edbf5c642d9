/** Numbers that grow with every change of a kind of record, so that caches notice. */
import { integer } from '../row.ts';
import { type Statement, sql, type UnitBody } from '../unit.ts';

export type CounterName = 'clients' | 'acme_accounts' | 'keys';

export function bumpCounter(name: CounterName): Statement {
  return sql('UPDATE counters SET value = value + 1 WHERE name = ?1', name);
}

/** Makes units that begin with it take turns on engines with many writers. */
export function lockCounter(name: CounterName): Statement {
  return sql('UPDATE counters SET value = value WHERE name = ?1', name);
}

export function* readCounter(name: CounterName): UnitBody<number> {
  const [row] = yield sql('SELECT value FROM counters WHERE name = ?1', name);
  if (row === undefined) throw new Error(`counter ${name} is missing`);
  return integer(row, 'value');
}
