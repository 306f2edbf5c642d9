/** Opens the store that a `store.url` names, with its schema brought up to date. */

import { type Random, systemRandom } from '@tegata/core/random';
import { fail, ok, type Result } from '@tegata/core/result';
import { type Clock, systemClock } from '@tegata/core/time/clock';
import type { Log } from '../ports/log.ts';
import type { Store } from '../ports/store.ts';
import { bindStore, createStoreRegistry } from './bound-store.ts';
import { type Dialect, postgresDialect, sqliteDialect } from './dialect.ts';
import { migrations } from './migrations/all.ts';
import { migrate } from './migrations/runner.ts';
import { openPostgresEngine, type PostgresOptions } from './postgres/engine.ts';
import { openSqliteEngine, type SqliteOptions } from './sqlite/engine.ts';
import { StoreError } from './store-error.ts';
import type { SqlEngine } from './unit.ts';
import { createLocalRunner } from './unit-registry.ts';

export interface OpenStoreOptions {
  readonly clock?: Clock;
  readonly random?: Random;
  /** Hears of lost connections; nobody does by default. */
  readonly log?: Log;
  /** Bounds that concern SQLite only. */
  readonly sqlite?: SqliteOptions;
  /** Bounds that concern PostgreSQL only. */
  readonly postgres?: PostgresOptions;
}

/**
 * `sqlite:<path>`, `sqlite::memory:` (gone when closed) or `postgres://user:password@host:port/database`.
 * A store that is opened answers; what stands in its way comes back as an error with a remedy.
 */
export async function openStore(url: string, options: OpenStoreOptions = {}): Promise<Result<Store, StoreError>> {
  const random = options.random ?? systemRandom();
  const clock = options.clock ?? systemClock;
  let engine: SqlEngine | undefined;
  try {
    const opened = openEngine(url, random, options);
    engine = opened.engine;
    const owner = Buffer.from(random.bytes(12)).toString('base64url');
    await migrate(engine, migrations, { dialect: opened.dialect, clock, owner, wait });
    const { close } = engine;
    return ok(bindStore(createLocalRunner(createStoreRegistry(), engine), random, close));
  } catch (error) {
    await engine?.close();
    if (error instanceof StoreError) return fail(error);
    throw error;
  }
}

function openEngine(
  url: string,
  random: Random,
  { log = silentLog, sqlite, postgres }: OpenStoreOptions,
): { readonly engine: SqlEngine; readonly dialect: Dialect } {
  if (url.startsWith('sqlite:')) {
    return { engine: openSqliteEngine(url.slice('sqlite:'.length), sqlite), dialect: sqliteDialect };
  }
  if (/^postgres(ql)?:/.test(url)) {
    return { engine: openPostgresEngine(url, { random, log, wait }, postgres), dialect: postgresDialect };
  }
  throw new StoreError(
    'unavailable',
    'The store URL has none of the known schemes.',
    'Set store.url to sqlite:<path> or postgres://user:password@host/database.',
  );
}

const silentLog: Log = { debug() {}, info() {}, warn() {}, error() {} };

function wait(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
