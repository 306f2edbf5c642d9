/** Deletes expired rows in small slices, so that neither the event loop nor another node waits for it. */
import type { Instant } from '@tegata/core/time/clock';
import { purgeUnits } from './sql/maintenance.ts';
import type { UnitRunner } from './unit-registry.ts';

/** Rows of one unit: about half a millisecond on SQLite. */
const slice = 100;

/** Deletes at most `limit` expired rows of each kind; how many went. */
export async function purge(runner: UnitRunner, now: Instant, limit: number): Promise<number> {
  let total = 0;
  for (const kind of Object.keys(purgeUnits)) {
    for (let left = limit; left > 0; left -= slice) {
      const size = Math.min(slice, left);
      const gone = (await runner.run(`purge.${kind}`, [now, size])) as number;
      total += gone;
      if (gone < size) break;
    }
  }
  return total;
}
