/** The conformance suites on a real PostgreSQL server, with two stores as two nodes. */
import { after, before, describe } from 'node:test';
import { unwrap } from '@tegata/core/result';
import { type PostgresServer, requirePostgres, startPostgres } from '../../../../../test/support/postgres.ts';
import { runConformance } from '../conformance/run.ts';
import { openStore } from '../open-store.ts';

describe('PostgreSQL', { skip: requirePostgres() }, () => {
  let server: PostgresServer;
  before(async () => {
    server = await startPostgres();
  });
  after(() => server.stop());

  runConformance({
    async open() {
      const url = await server.createDatabase();
      const [store, other] = [unwrap(await openStore(url)), unwrap(await openStore(url))];
      return {
        store,
        other,
        async close() {
          await store.close();
          await other.close();
        },
      };
    },
  });
});
