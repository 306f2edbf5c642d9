/** What is PostgreSQL's own: connections that go away, servers that cannot be reached, races that are run again. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { systemRandom } from '@tegata/core/random';
import { unwrap } from '@tegata/core/result';
import { freePort } from '../../../../../test/support/free-port.ts';
import { type PostgresServer, requirePostgres, startPostgres } from '../../../../../test/support/postgres.ts';
import { newAccess, newDigest, newId, now, together } from '../conformance/fixtures.ts';
import { openStore } from '../open-store.ts';
import { integer } from '../row.ts';
import { LostRace, read, sql, statement, write } from '../unit.ts';
import { openPostgresEngine } from './engine.ts';

async function openError(url: string) {
  const opened = await openStore(url);
  return opened.ok ? assert.fail('it was opened') : opened.error;
}

describe('PostgreSQL that cannot be used', () => {
  it('because nothing listens there is said so', async () => {
    const error = await openError(`postgres://tegata@127.0.0.1:${await freePort()}/tegata`);
    assert.equal(error.kind, 'unavailable');
    assert.match(error.remedy, /store\.url/);
  });

  it('because the URL cannot be read is said so', async () => {
    assert.equal((await openError('postgres://[')).kind, 'unavailable');
  });
});

describe('PostgreSQL engine', { skip: requirePostgres() }, () => {
  let server: PostgresServer;
  let url: string;
  before(async () => {
    server = await startPostgres();
    url = await server.createDatabase();
  });
  after(() => server.stop());

  const deps = {
    random: systemRandom(),
    log: { debug() {}, info() {}, warn() {}, error() {} },
    wait: () => new Promise<void>((resolve) => setImmediate(resolve)),
  };

  it('says so when the database does not exist', async () => {
    const error = await openError(url.replace(/[^/]*$/, 'no_such_database'));
    assert.equal(error.kind, 'unavailable');
    assert.match(error.remedy, /Create it/);
  });

  it('goes on after the server has ended every session', async () => {
    const store = unwrap(await openStore(url));
    const access = newAccess(newId());
    await store.tokens.putAccess(access);
    await server.terminateSessions();
    assert.deepEqual((await store.tokens.loadAccess(access.handle, now))?.value, access.value);
    await server.terminateSessions();
    await store.ping();
    assert.equal(await store.replay.firstSeen('jti', newDigest(), now, now + 1), true);
    await store.close();
    await assert.rejects(store.ping(), { kind: 'unavailable' });
  });

  it('never runs a unit twice whose commit it heard nothing of', async () => {
    const engine = openPostgresEngine(url, deps);
    let runs = 0;
    // The statement commits by itself, and its session ends before it can answer.
    const fatal = statement(function* () {
      runs++;
      yield sql(`SELECT pg_terminate_backend(pg_backend_pid()), pg_sleep(10)`);
    });
    await assert.rejects(engine.run(fatal, []), { name: 'StoreError', kind: 'unavailable' });
    assert.equal(runs, 1);
    await engine.close();
  });

  it('runs a unit again from the start when its connection is lost before the commit', async () => {
    const engine = openPostgresEngine(url, deps);
    await engine.run(
      write(function* () {
        yield sql('CREATE TABLE tries (number BIGINT)');
      }),
      [],
    );
    let runs = 0;
    const unit = write(function* () {
      yield sql('INSERT INTO tries (number) VALUES (?1)', ++runs);
      if (runs === 1) yield sql('SELECT pg_terminate_backend(pg_backend_pid())');
    });
    await engine.run(unit, []);
    const rows = await engine.run(
      read(function* () {
        const found = yield sql('SELECT number FROM tries');
        return found.map((row) => integer(row, 'number'));
      }),
      [],
    );
    assert.deepEqual(rows, [2], 'the first try left nothing');
    await engine.close();
  });

  it('runs units again that lost a race, until all have won', async () => {
    const engine = openPostgresEngine(url, deps);
    await engine.run(
      write(function* () {
        yield sql('CREATE TABLE tally (number BIGINT)');
        yield sql('INSERT INTO tally (number) VALUES (0)');
      }),
      [],
    );
    const addOne = write(function* () {
      const [row] = yield sql('SELECT number FROM tally');
      const before = row === undefined ? 0 : integer(row, 'number');
      const changed = yield sql('UPDATE tally SET number = ?2 WHERE number = ?1 RETURNING number', before, before + 1);
      if (changed.length === 0) throw new LostRace('somebody else counted');
    });
    await together(4, () => engine.run(addOne, []));
    const count = read(function* () {
      const [row] = yield sql('SELECT number FROM tally');
      return row === undefined ? 0 : integer(row, 'number');
    });
    assert.equal(await engine.run(count, []), 4);
    await engine.close();
  });

  it('refuses a second statement of a unit that promised one', async () => {
    const engine = openPostgresEngine(url, deps);
    const two = statement(function* () {
      yield sql('SELECT 1');
      yield sql('SELECT 2');
    });
    await assert.rejects(engine.run(two, []), /yielded a second/);
    await engine.close();
  });
});
