/** Proves that the schema moves forward once, whole, and never under code that does not know it. */
import assert from 'node:assert/strict';
import { manualClock } from '@tegata/core/time/clock';
import { hour, minute } from '@tegata/core/time/duration';
import type { Dialect } from '../dialect.ts';
import type { Migration } from '../migrations/migration.ts';
import { type MigrationContext, migrate } from '../migrations/runner.ts';
import { integer, text } from '../row.ts';
import { read, type SqlEngine, sql, type Unit, write } from '../unit.ts';
import { newId, now } from './fixtures.ts';
import type { Suite } from './suite.ts';

interface MigrationSubject {
  readonly dialect: Dialect;
  /** Two engines on a new empty database, the same one twice where only one process can use it. */
  readonly open: () => Promise<{ readonly engine: SqlEngine; readonly other: SqlEngine; close(): Promise<void> }>;
}

const first: Migration = {
  number: 1,
  name: 'boxes',
  statements: ({ text: type }) => [
    `CREATE TABLE boxes (id ${type} NOT NULL PRIMARY KEY)`,
    `INSERT INTO boxes VALUES ('a')`,
  ],
};
const second: Migration = {
  number: 2,
  name: 'lids',
  statements: ({ bytes }) => [`ALTER TABLE boxes ADD COLUMN lid ${bytes}`, `INSERT INTO boxes (id) VALUES ('b')`],
};
/** Fails at its last statement. */
const broken: Migration = {
  number: 2,
  name: 'lids',
  statements: () => [`INSERT INTO boxes (id) VALUES ('c')`, 'INSERT INTO no_such_table VALUES (1)'],
};

const boxes: Unit<[], readonly string[]> = read(function* () {
  const rows = yield sql('SELECT id FROM boxes ORDER BY id');
  return rows.map((row) => text(row, 'id'));
});

const history: Unit<[], readonly number[]> = read(function* () {
  const rows = yield sql('SELECT number FROM schema_migrations ORDER BY number');
  return rows.map((row) => integer(row, 'number'));
});

const holdLease: Unit<[until: number], void> = write(function* (until) {
  yield sql(`INSERT INTO leases (name, owner, until) VALUES ('schema', 'somebody', ?1)`, until);
});

function context(dialect: Dialect, change: Partial<MigrationContext> = {}): MigrationContext {
  return {
    dialect,
    clock: manualClock(now),
    owner: newId(),
    wait: () => new Promise((resolve) => setImmediate(resolve)),
    ...change,
  };
}

export const migrationsSuite: Suite<MigrationSubject> = {
  title: 'migrations',
  cases: {
    'are applied in order, once, and only those that are missing': async ({ open, dialect }) => {
      const { engine, close } = await open();
      await migrate(engine, [first], context(dialect));
      await migrate(engine, [first], context(dialect));
      await migrate(engine, [first, second], context(dialect));
      assert.deepEqual(await engine.run(boxes, []), ['a', 'b']);
      assert.deepEqual(await engine.run(history, []), [1, 2]);
      await close();
    },

    'are applied by one of six nodes that start together': async ({ open, dialect }) => {
      const { engine, other, close } = await open();
      await Promise.all(
        [engine, other, engine, other, engine, other].map((node) => migrate(node, [first, second], context(dialect))),
      );
      assert.deepEqual(await engine.run(boxes, []), ['a', 'b']);
      await close();
    },

    'refuse a schema that is newer than the code': async ({ open, dialect }) => {
      const { engine, close } = await open();
      await migrate(engine, [first, second], context(dialect));
      await assert.rejects(migrate(engine, [first], context(dialect)), (error: Error & { kind?: string }) => {
        assert.equal(error.kind, 'incompatible');
        assert.match(error.message, /schema 2 \(lids\), newer than the 1/);
        return true;
      });
      await close();
    },

    'refuse a schema whose making has been changed since': async ({ open, dialect }) => {
      const { engine, close } = await open();
      await migrate(engine, [first], context(dialect));
      const edited: Migration = { ...first, statements: () => ['CREATE TABLE boxes (id TEXT)'] };
      for (const changed of [edited, { ...first, name: 'crates' }]) {
        await assert.rejects(migrate(engine, [changed, second], context(dialect)), { kind: 'incompatible' });
      }
      assert.deepEqual(await engine.run(history, []), [1], 'nothing was applied on top');
      await close();
    },

    'leave nothing of one that fails, and go on from there when it is mended': async ({ open, dialect }) => {
      const { engine, close } = await open();
      await assert.rejects(migrate(engine, [first, broken], context(dialect)), /no_such_table/);
      assert.deepEqual(await engine.run(history, []), [1]);
      assert.deepEqual(await engine.run(boxes, []), ['a']);
      await migrate(engine, [first, second], context(dialect));
      assert.deepEqual(await engine.run(boxes, []), ['a', 'b']);
      await close();
    },

    'wait for a node that is at it, and take over from one that died': async ({ open, dialect }) => {
      const { engine, close } = await open();
      await migrate(engine, [first], context(dialect));
      await engine.run(holdLease, [now + minute]);
      const clock = manualClock(now);
      const wait = async (milliseconds: number) => clock.advance(milliseconds);
      await migrate(engine, [first, second], context(dialect, { clock, wait }));
      assert.ok(clock.now() >= now + minute, 'not before the lease had ended');
      assert.deepEqual(await engine.run(history, []), [1, 2]);
      await close();
    },

    'give up with a reason when a node holds the lease for ever': async ({ open, dialect }) => {
      const { engine, close } = await open();
      await migrate(engine, [first], context(dialect));
      await engine.run(holdLease, [now + hour]);
      const impatient = context(dialect, { wait: async () => undefined });
      await assert.rejects(migrate(engine, [first, second], impatient), { name: 'StoreError', kind: 'locked' });
      await close();
    },
  },
};
