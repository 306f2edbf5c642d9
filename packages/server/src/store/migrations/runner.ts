/** Brings the schema to what this version needs: forward only, one transaction per migration, one node at a time. */
import { sha256 } from '@tegata/core/crypto';
import type { Clock, Instant } from '@tegata/core/time/clock';
import { minute } from '@tegata/core/time/duration';
import type { Dialect } from '../dialect.ts';
import { integer, text } from '../row.ts';
import { StoreError } from '../store-error.ts';
import { read, type SqlEngine, sql, type Unit, write } from '../unit.ts';
import type { Migration } from './migration.ts';

export interface MigrationContext {
  readonly dialect: Dialect;
  readonly clock: Clock;
  /** Names this node in the lease. */
  readonly owner: string;
  /** Resolves after so many milliseconds. */
  readonly wait: (milliseconds: number) => Promise<void>;
}

interface Applied {
  readonly number: number;
  readonly name: string;
  readonly checksum: string;
}

const leaseMilliseconds = minute;
const leasePollMilliseconds = 200;

/**
 * Applies what is missing.
 * @throws StoreError `incompatible` when the schema is newer than this version or was changed, `locked` when another
 * node has been migrating for longer than a lease lasts
 */
export async function migrate(
  engine: SqlEngine,
  migrations: readonly Migration[],
  context: MigrationContext,
): Promise<void> {
  await engine.run(prepareTables, [context.dialect]);
  if (missing(await engine.run(listApplied, []), migrations, context.dialect).length === 0) return;
  await takeLease(engine, context);
  try {
    for (const migration of missing(await engine.run(listApplied, []), migrations, context.dialect)) {
      await engine.run(applyOne, [migration, context.dialect, context.clock.now()]);
    }
  } finally {
    await engine.run(endLease, [context.owner]);
  }
}

/** Migrations not yet applied; refuses a history that does not belong to this version. */
function missing(applied: readonly Applied[], known: readonly Migration[], dialect: Dialect): readonly Migration[] {
  for (const { number, name, checksum } of applied) {
    const migration = known[number - 1];
    if (migration === undefined) {
      throw new StoreError(
        'incompatible',
        `The database has schema ${number} (${name}), newer than the ${known.length} this version knows.`,
        'Start the newer version of Tegata that has run on it, or restore a backup made before.',
      );
    }
    if (migration.name !== name || checksumOf(migration, dialect) !== checksum) {
      throw new StoreError(
        'incompatible',
        `Schema ${number} (${name}) of the database differs from what this version means by it.`,
        'Use the released version of Tegata that made the database, or restore a backup.',
      );
    }
  }
  return known.slice(applied.length);
}

function checksumOf(migration: Migration, dialect: Dialect): string {
  return Buffer.from(sha256(migration.statements(dialect).join(';\n'))).toString('hex');
}

async function takeLease(engine: SqlEngine, context: MigrationContext): Promise<void> {
  const { clock, owner, wait } = context;
  const attempts = (2 * leaseMilliseconds) / leasePollMilliseconds;
  for (let attempt = 0; attempt < attempts; attempt++) {
    const now = clock.now();
    if (await engine.run(leaseSchema, [owner, now, now + leaseMilliseconds])) return;
    await wait(leasePollMilliseconds);
  }
  throw new StoreError(
    'locked',
    'Another node has been changing the schema for two minutes.',
    'Look at what the other node is doing, then start this one again.',
  );
}

const prepareTables: Unit<[Dialect], void> = write(function* ({ text: textType }) {
  yield sql(`CREATE TABLE IF NOT EXISTS schema_migrations (number BIGINT NOT NULL PRIMARY KEY, name ${textType} NOT NULL,
    checksum ${textType} NOT NULL, applied_at BIGINT NOT NULL)`);
  yield sql(`CREATE TABLE IF NOT EXISTS leases (name ${textType} NOT NULL PRIMARY KEY, owner ${textType} NOT NULL,
    until BIGINT NOT NULL)`);
});

const listApplied: Unit<[], readonly Applied[]> = read(function* () {
  const rows = yield sql('SELECT number, name, checksum FROM schema_migrations ORDER BY number');
  return rows.map((row) => ({
    number: integer(row, 'number'),
    name: text(row, 'name'),
    checksum: text(row, 'checksum'),
  }));
});

const leaseSchema: Unit<[owner: string, now: Instant, until: Instant], boolean> = write(function* (owner, now, until) {
  const taken = yield sql(
    `INSERT INTO leases (name, owner, until) VALUES ('schema', ?1, ?3)
     ON CONFLICT (name) DO UPDATE SET owner = excluded.owner, until = excluded.until WHERE leases.until <= ?2
     RETURNING owner`,
    owner,
    now,
    until,
  );
  return taken.length > 0;
});

const endLease: Unit<[owner: string], void> = write(function* (owner) {
  yield sql(`DELETE FROM leases WHERE name = 'schema' AND owner = ?1`, owner);
});

const applyOne: Unit<[Migration, Dialect, Instant], void> = write(function* (migration, dialect, now) {
  for (const text of migration.statements(dialect)) yield sql(text);
  yield sql(
    'INSERT INTO schema_migrations (number, name, checksum, applied_at) VALUES (?1, ?2, ?3, ?4)',
    migration.number,
    migration.name,
    checksumOf(migration, dialect),
    now,
  );
});
