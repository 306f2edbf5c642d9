/** The conformance suites on a real PostgreSQL server, with two stores as two nodes. */
import { after, before, describe } from 'node:test';
import { systemRandom } from '@tegata/core/random';
import { unwrap } from '@tegata/core/result';
import { type PostgresServer, requirePostgres, startPostgres } from '../../../../../test/support/postgres.ts';
import { migrationsSuite } from '../conformance/migrations.ts';
import { runConformance } from '../conformance/run.ts';
import { runSuite } from '../conformance/suite.ts';
import { postgresDialect } from '../dialect.ts';
import { openStore } from '../open-store.ts';
import { openPostgresEngine } from './engine.ts';

describe('PostgreSQL', { skip: requirePostgres() }, () => {
  let server: PostgresServer;
  before(async () => {
    server = await startPostgres();
  });
  after(() => server.stop());

  runConformance(async () => {
    const url = await server.createDatabase();
    const options = { postgres: { connections: 4 } };
    const [store, other] = [unwrap(await openStore(url, options)), unwrap(await openStore(url, options))];
    return {
      store,
      other,
      async close() {
        await store.close();
        await other.close();
      },
    };
  });

  runSuite(migrationsSuite, async () => ({
    dialect: postgresDialect,
    async open() {
      const url = await server.createDatabase();
      const deps = {
        random: systemRandom(),
        log: { debug() {}, info() {}, warn() {}, error() {} },
        wait: () => new Promise<void>((resolve) => setImmediate(resolve)),
      };
      const [engine, other] = [openPostgresEngine(url, deps), openPostgresEngine(url, deps)];
      return {
        engine,
        other,
        async close() {
          await engine.close();
          await other.close();
        },
      };
    },
    close: async () => undefined,
  }));
});
