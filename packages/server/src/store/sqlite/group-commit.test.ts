import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import { integer } from '../row.ts';
import { type Statement, sql, type UnitBody } from '../unit.ts';
import { type Connection, openConnection } from './connection.ts';
import { createGroupCommit, type GroupCommit, type GroupCommitLimits } from './group-commit.ts';

const limits: GroupCommitLimits = { units: 512, milliseconds: 5, lockMilliseconds: 100 };

/** A connection that notes what runs on it and fails where it is told to. */
interface Observed {
  readonly connection: Connection;
  readonly texts: string[];
  /** Throws this instead of running the next statement with this text. */
  failing: { text: string; error: Error } | undefined;
}

function observed(): Observed {
  const real = openConnection(':memory:', { readOnly: false, busyMilliseconds: 0 });
  real.exec('CREATE TABLE numbers (value BIGINT PRIMARY KEY)');
  const state: Observed = {
    texts: [],
    failing: undefined,
    connection: {
      ...real,
      all(statement: Statement) {
        state.texts.push(statement.sql);
        const { failing } = state;
        if (failing?.text !== statement.sql) return real.all(statement);
        state.failing = undefined;
        throw failing.error;
      },
    },
  };
  return state;
}

function* insert(value: number): UnitBody<number> {
  yield sql('INSERT INTO numbers (value) VALUES (?1)', value);
  return value;
}

describe('group commit', () => {
  let state: Observed;
  let commits: GroupCommit;
  beforeEach(() => {
    state = observed();
    commits = createGroupCommit(state.connection, limits, (error) => error);
  });

  const stored = () =>
    state.connection.all(sql('SELECT value FROM numbers ORDER BY value')).map((row) => integer(row, 'value'));
  const count = (text: string) => state.texts.filter((other) => other === text).length;

  it('makes one transaction of everything that waits', async () => {
    const values = Array.from({ length: 50 }, (_, at) => at);
    assert.deepEqual(await Promise.all(values.map((value) => commits.write(() => insert(value)))), values);
    assert.equal(count('BEGIN IMMEDIATE'), 1);
    assert.equal(count('COMMIT'), 1);
    assert.deepEqual(stored(), values);
  });

  it('lets a unit fail alone, with nothing of it left', async () => {
    const failing = function* (): UnitBody<void> {
      yield sql('INSERT INTO numbers (value) VALUES (?1)', 100);
      yield sql('INSERT INTO numbers (value) VALUES (?1)', 1);
    };
    const throwing = function* (): UnitBody<void> {
      yield sql('INSERT INTO numbers (value) VALUES (?1)', 200);
      throw new Error('a defect');
    };
    const results = await Promise.allSettled([
      commits.write(() => insert(1)),
      commits.write(failing),
      commits.write(throwing),
      commits.write(() => insert(2)),
    ]);
    assert.deepEqual(
      results.map(({ status }) => status),
      ['fulfilled', 'rejected', 'rejected', 'fulfilled'],
    );
    assert.deepEqual(stored(), [1, 2]);
  });

  it('tells nobody before the commit, and everybody when it fails', async () => {
    const error = new Error('disk I/O error');
    state.failing = { text: 'COMMIT', error };
    const results = await Promise.allSettled([1, 2, 3].map((value) => commits.write(() => insert(value))));
    for (const result of results) assert.deepEqual(result, { status: 'rejected', reason: error });
    assert.deepEqual(stored(), []);
    assert.equal(await commits.write(() => insert(4)), 4, 'the next flush works');
    assert.deepEqual(stored(), [4]);
  });

  it('gives up the whole flush when the transaction is lost in the middle, and takes the rest afterwards', async () => {
    const lost = function* (): UnitBody<void> {
      state.connection.exec('ROLLBACK');
      yield sql('SELECT no_such_column');
    };
    const results = await Promise.allSettled([
      commits.write(() => insert(1)),
      commits.write(lost),
      commits.write(() => insert(2)),
    ]);
    assert.deepEqual(
      results.map(({ status }) => status),
      ['rejected', 'rejected', 'fulfilled'],
    );
    assert.deepEqual(stored(), [2]);
  });

  it('rejects what waits when no transaction can be begun', async () => {
    const error = new Error('unable to open database file');
    state.failing = { text: 'BEGIN IMMEDIATE', error };
    await assert.rejects(
      commits.write(() => insert(1)),
      error,
    );
    assert.equal(await commits.write(() => insert(1)), 1);
  });

  it('waits for another connection’s lock', async () => {
    state.failing = { text: 'BEGIN IMMEDIATE', error: Object.assign(new Error('database is locked'), { errcode: 5 }) };
    assert.equal(await commits.write(() => insert(1)), 1);
    assert.equal(count('BEGIN IMMEDIATE'), 2);
  });

  it('stops a flush at its number of units and goes on in the next turn', async () => {
    commits = createGroupCommit(state.connection, { ...limits, units: 10, milliseconds: 1000 }, (error) => error);
    await Promise.all(Array.from({ length: 25 }, (_, at) => commits.write(() => insert(at))));
    assert.equal(count('COMMIT'), 3);
    assert.equal(stored().length, 25);
  });

  it('stops a flush when its time is over', async () => {
    commits = createGroupCommit(state.connection, { ...limits, milliseconds: 0 }, (error) => error);
    await Promise.all([1, 2, 3].map((value) => commits.write(() => insert(value))));
    assert.equal(count('COMMIT'), 3);
  });

  it('is drained when everything queued before is settled', async () => {
    await commits.drain();
    const settled: number[] = [];
    for (const value of [1, 2]) void commits.write(() => insert(value)).then((done) => settled.push(done));
    await commits.drain();
    await null;
    assert.deepEqual(settled, [1, 2]);
  });
});
