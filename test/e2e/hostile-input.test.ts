/** Every endpoint of a running server under hostile input: always the protocol's own error, never a crash, nothing stored. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { requirePostgres, startPostgres } from '../support/postgres.ts';
import type { Attack, Target } from './hostile/attack.ts';
import { type ErrorFormat, judge } from './hostile/judge.ts';
import { createRawClient, type RawAnswer } from './hostile/raw-http.ts';
import { formatOf, type Listener, prepareVictim, type Victim } from './hostile/targets.ts';
import { type Rows, readPostgresRows, readRows } from './support/rows.ts';

/** What is allowed to grow: the record of who tried what. */
const recorded = ['audit'];
/** And what signing in leaves behind even when it fails. */
const recordedOfLogins = [...recorded, 'throttles', 'replay'];
const lanes = 3;

type Read = (except: readonly string[]) => Rows | Promise<Rows>;

describe('hostile input', () => {
  test('a server on SQLite', async (suite) => {
    const victim = await prepareVictim();
    try {
      await attackAll(suite, victim, 'whole', (except) => readRows(victim.installation.database, except));
    } finally {
      await victim.stop();
    }
  });

  // PostgreSQL refuses texts that SQLite stores, so what gets as far as the store has to be seen to be harmless on both.
  test('a server on PostgreSQL', { skip: requirePostgres() }, async (suite) => {
    const postgres = await startPostgres();
    try {
      const url = await postgres.createDatabase();
      const victim = await prepareVictim(url);
      try {
        await attackAll(suite, victim, 'content', (except) => readPostgresRows(url, except));
      } finally {
        await victim.stop();
      }
    } finally {
      await postgres.stop();
    }
  });
});

async function attackAll(
  suite: test.TestContext,
  victim: Victim,
  extent: 'whole' | 'content',
  read: Read,
): Promise<void> {
  const { listeners, server } = victim;
  const stored = await read(recorded);
  for (const listener of listeners) {
    for (const target of listener.targets) {
      await suite.test(`${listener.name} ${target.endpoint.methods.join('/')} ${target.endpoint.path}`, async () => {
        const attacks = victim.attacksOn(target, extent);
        assert.ok(attacks.length > (extent === 'whole' ? 100 : 10), `only ${attacks.length} attacks`);
        const faults = await carryOut(attacks, target, listener, victim);
        assert.deepEqual(faults, [], `${faults.length} of ${attacks.length} attacks`);
        assert.deepEqual(await read(recorded), stored, 'something was stored');
      });
    }
  }
  await suite.test('signing in with names that nobody can have', async () => {
    const before = await read(recordedOfLogins);
    for (const username of ['\0', 'a\0b', "' OR 1=1 --", '\u202e', 'a'.repeat(9000)]) {
      const answer = await victim.signIn(username, 'correct horse battery staple');
      assert.equal(answer.status, 422, answer.text);
      assert.match(answer.text, /^<!doctype html>/);
    }
    assert.deepEqual(await read(recordedOfLogins), before);
  });
  await suite.test(
    'leaves the server the same process, without a defect in its log, and it stops cleanly',
    async () => {
      const ready = await createRawClient(server.port, server.root).send({ method: 'GET', target: '/readyz' });
      assert.equal(ready === 'closed' ? 0 : ready.status, 200);
      assert.doesNotMatch(server.output(), /request failed|"level":"error"/);
      assert.equal(await server.stop(), 0);
      assert.doesNotMatch(server.output(), /"level":"error"/);
    },
  );
}

/** Sends them all, a few at a time; what was wrong with the answers. */
async function carryOut(
  attacks: readonly Attack[],
  target: Target,
  listener: Listener,
  { installation, server }: Victim,
): Promise<readonly string[]> {
  const format = await formatOf(target);
  const waiting = [...attacks];
  const faults: string[] = [];
  const lane = async (): Promise<void> => {
    const client = createRawClient(listener.port, listener.secure ? server.root : undefined);
    for (let attack = waiting.shift(); attack !== undefined; attack = waiting.shift()) {
      const fault = await faultOf(attack, format, client.send, [installation.folder]);
      if (fault !== undefined) faults.push(fault);
    }
    client.close();
  };
  await Promise.all(Array.from({ length: lanes }, lane));
  return faults.slice(0, 20);
}

async function faultOf(
  attack: Attack,
  format: ErrorFormat,
  send: ReturnType<typeof createRawClient>['send'],
  secrets: readonly string[],
): Promise<string | undefined> {
  let answer: RawAnswer | 'closed' | undefined;
  try {
    const request = typeof attack.request === 'function' ? await attack.request() : attack.request;
    answer = await send(request);
    judge(attack, answer, format, secrets);
    return undefined;
  } catch (error) {
    const got = answer === undefined || answer === 'closed' ? '' : `${answer.status} ${answer.text.slice(0, 150)}`;
    return `${attack.name}: ${(error as Error).message.split('\n')[0]}; ${got}`;
  }
}
