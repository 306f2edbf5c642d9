/** The conformance suites on SQLite, in memory and in a file that two stores share. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe } from 'node:test';
import { unwrap } from '@tegata/core/result';
import { migrationsSuite } from '../conformance/migrations.ts';
import { runConformance } from '../conformance/run.ts';
import { runSuite } from '../conformance/suite.ts';
import { sqliteDialect } from '../dialect.ts';
import { openStore } from '../open-store.ts';
import { openSqliteEngine } from './engine.ts';

describe('SQLite in memory', () => {
  runConformance(async () => {
    const store = unwrap(await openStore('sqlite::memory:'));
    return { store, other: store, close: () => store.close() };
  });

  runSuite(migrationsSuite, async () => ({
    dialect: sqliteDialect,
    async open() {
      const engine = openSqliteEngine(':memory:');
      return { engine, other: engine, close: () => engine.close() };
    },
    close: async () => undefined,
  }));
});

describe('SQLite in a file', () => {
  runConformance(async () => {
    const folder = mkdtempSync(join(tmpdir(), 'tegata-store-'));
    const url = `sqlite:${join(folder, 'tegata.db')}`;
    const [store, other] = [unwrap(await openStore(url)), unwrap(await openStore(url))];
    return {
      store,
      other,
      async close() {
        await store.close();
        await other.close();
        rmSync(folder, { recursive: true });
      },
    };
  });
});
