/** The scale-out engine: a pool of connections, named prepared statements, units run again when they lose a race. */
import pg from 'pg';
import type { Log } from '../../ports/log.ts';
import { StoreError } from '../store-error.ts';
import type { AnyUnit, Row, SqlEngine, Statement, UnitBody } from '../unit.ts';
import { createTextCache, type PreparedText } from './placeholders.ts';
import { describeConnectError, describePostgresError, isLostConnection, isLostRace } from './postgres-error.ts';
import { type RetryDeps, withRetries } from './retry.ts';

export interface PostgresOptions {
  /** Connections at most; 10 unless told. */
  readonly connections?: number;
}

export interface PostgresDeps extends RetryDeps {
  readonly log: Log;
}

const defaultConnections = 10;
const connectMilliseconds = 5000;
const lockMilliseconds = 10_000;
const idleInTransactionMilliseconds = 60_000;

/** Type ids of pg_type for what the schema uses and JavaScript reads differently. */
const bigintType = 20;
const byteaType = 17;

/** An error after which the unit may have happened or not: it is not run again. */
class UnknownOutcome extends Error {
  override readonly name = 'UnknownOutcome';
}

/** Opens no connection yet: the first unit does. Throws a StoreError for a URL that cannot be read. */
export function openPostgresEngine(url: string, deps: PostgresDeps, options: PostgresOptions = {}): SqlEngine {
  const pool = createPool(url, options);
  pool.on('error', (error) => deps.log.warn({ err: error }, 'an idle database connection was lost'));
  // A busy connection tells its query; without a listener the same error would end the process.
  pool.on('connect', (client) => client.on('error', () => {}));
  const textOf = createTextCache();
  let closed = false;

  return {
    async run(unit, args) {
      if (closed) throw new StoreError('unavailable', 'The store is closed.', 'Start the server again.');
      try {
        return await withRetries(deps, () => runOnce(pool, textOf, unit, args), mayRetry);
      } catch (error) {
        throw describePostgresError(error instanceof UnknownOutcome ? error.cause : error);
      }
    },
    async close() {
      if (closed) return;
      closed = true;
      await pool.end();
    },
  };
}

function createPool(url: string, { connections = defaultConnections }: PostgresOptions): pg.Pool {
  if (!URL.canParse(url)) {
    const remedy = 'Set store.url to postgres://user:password@host:port/database.';
    throw new StoreError('unavailable', 'The PostgreSQL URL cannot be read.', remedy);
  }
  return new pg.Pool({
    connectionString: url,
    max: connections,
    connectionTimeoutMillis: connectMilliseconds,
    lock_timeout: lockMilliseconds,
    idle_in_transaction_session_timeout: idleInTransactionMilliseconds,
    keepAlive: true,
    application_name: 'tegata',
    types: { getTypeParser: typeParser },
  });
}

function typeParser(id: number, format?: 'text' | 'binary'): (value: string) => unknown {
  if (id === bigintType) return Number;
  if (id === byteaType) return (value) => new Uint8Array(Buffer.from(value.slice(2), 'hex'));
  return pg.types.getTypeParser(id, format as 'text');
}

function mayRetry(error: unknown): boolean {
  return !(error instanceof UnknownOutcome) && (isLostRace(error) || isLostConnection(error));
}

type TextCache = (sql: string) => PreparedText;

async function runOnce<T>(pool: pg.Pool, textOf: TextCache, unit: AnyUnit, args: readonly unknown[]): Promise<T> {
  const client = await connect(pool);
  let failure: unknown;
  try {
    const body = unit.body(...args) as UnitBody<T>;
    if (unit.kind === 'write') return await inTransaction(client, textOf, body);
    return unit.kind === 'read' ? await drive(client, textOf, body) : await asOneStatement(client, textOf, body);
  } catch (error) {
    failure = error;
    throw error;
  } finally {
    // A connection in doubt is not used again.
    client.release(failure instanceof UnknownOutcome || isLostConnection(failure));
  }
}

/** Whatever keeps a connection from being made is a failing storage, never a defect of the unit. */
async function connect(pool: pg.Pool): Promise<pg.PoolClient> {
  try {
    return await pool.connect();
  } catch (error) {
    throw isLostConnection(error) ? error : describeConnectError(error);
  }
}

async function drive<T>(client: pg.ClientBase, textOf: TextCache, body: UnitBody<T>): Promise<T> {
  let step = body.next();
  while (step.done !== true) step = body.next(await query(client, textOf, step.value));
  return step.value;
}

async function query(client: pg.ClientBase, textOf: TextCache, statement: Statement): Promise<readonly Row[]> {
  const result = await client.query<Row>({ ...textOf(statement.sql), values: [...statement.params] });
  return result.rows;
}

/** The server commits the statement by itself, so a connection lost meanwhile leaves the outcome unknown. */
async function asOneStatement<T>(client: pg.ClientBase, textOf: TextCache, body: UnitBody<T>): Promise<T> {
  const step = body.next();
  if (step.done === true) return step.value;
  const rows = await orUnknown(query(client, textOf, step.value));
  const end = body.next(rows);
  if (end.done !== true) throw new Error('a unit of one statement yielded a second one');
  return end.value;
}

async function inTransaction<T>(client: pg.ClientBase, textOf: TextCache, body: UnitBody<T>): Promise<T> {
  await client.query('BEGIN ISOLATION LEVEL READ COMMITTED');
  let value: T;
  try {
    value = await drive(client, textOf, body);
  } catch (error) {
    if (!isLostConnection(error)) await client.query('ROLLBACK');
    throw error;
  }
  await orUnknown(client.query('COMMIT'));
  return value;
}

async function orUnknown<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    throw isLostConnection(error)
      ? new UnknownOutcome('the connection was lost during a commit', { cause: error })
      : error;
  }
}
