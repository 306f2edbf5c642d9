/** Every endpoint of a running server under hostile input: always the protocol's own error, never a crash, nothing stored. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Attack, Target } from './hostile/attack.ts';
import { type ErrorFormat, judge } from './hostile/judge.ts';
import { createRawClient, type RawAnswer } from './hostile/raw-http.ts';
import { formatOf, type Listener, prepareVictim, type Victim } from './hostile/targets.ts';
import { readRows } from './support/rows.ts';

/** What is allowed to grow: the record of who tried what. */
const recorded = ['audit'];
const lanes = 3;

let victim: Victim;
before(async () => {
  victim = await prepareVictim();
});
after(async () => {
  await victim?.stop();
});

test('hostile input', async (suite) => {
  const { installation, listeners, server } = victim;
  const stored = readRows(installation.database, recorded);
  for (const listener of listeners) {
    for (const target of listener.targets) {
      await suite.test(`${listener.name} ${target.endpoint.methods.join('/')} ${target.endpoint.path}`, async () => {
        const attacks = victim.attacksOn(target);
        assert.ok(attacks.length > 50, `only ${attacks.length} attacks`);
        const faults = await carryOut(attacks, target, listener);
        assert.deepEqual(faults, [], `${faults.length} of ${attacks.length} attacks`);
        assert.deepEqual(readRows(installation.database, recorded), stored, 'something was stored');
      });
    }
  }
  await suite.test(
    'afterwards the server is the same process, without a defect in its log, and stops cleanly',
    async () => {
      assert.equal(
        (await createRawClient(server.port, server.root).send({ method: 'GET', target: '/readyz' })) === 'closed',
        false,
      );
      assert.doesNotMatch(server.output(), /request failed by a defect|"level":"error"/);
      assert.equal(await server.stop(), 0);
      assert.doesNotMatch(server.output(), /"level":"error"/);
    },
  );
});

/** Sends them all, a few at a time; what was wrong with the answers. */
async function carryOut(attacks: readonly Attack[], target: Target, listener: Listener): Promise<readonly string[]> {
  const format = await formatOf(target);
  const waiting = [...attacks];
  const faults: string[] = [];
  const lane = async (): Promise<void> => {
    const client = createRawClient(listener.port, listener.secure ? victim.server.root : undefined);
    for (let attack = waiting.shift(); attack !== undefined; attack = waiting.shift()) {
      const fault = await faultOf(attack, format, client.send);
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
): Promise<string | undefined> {
  let answer: RawAnswer | 'closed' | undefined;
  try {
    const request = typeof attack.request === 'function' ? await attack.request() : attack.request;
    answer = await send(request);
    judge(attack, answer, format, [victim.installation.folder]);
    return undefined;
  } catch (error) {
    const got = answer === undefined || answer === 'closed' ? '' : `${answer.status} ${answer.text.slice(0, 150)}`;
    return `${attack.name}: ${(error as Error).message.split('\n')[0]}; ${got}`;
  }
}
