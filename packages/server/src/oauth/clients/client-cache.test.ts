import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import type { ClientRecord, ClientStore } from '../../ports/stores/clients.ts';
import { type ClientRegistry, createClientRegistry } from './client-cache.ts';

let records: Map<string, ClientRecord>;
let version: number;
let calls: string[];
let failing: boolean;
let warnings: number;
let registry: ClientRegistry;

const record = (clientId: string, revision = 1): ClientRecord => ({
  clientId,
  metadata: { client_name: `revision ${revision}` },
  createdAt: 0,
  version: revision,
});

beforeEach(() => {
  records = new Map([['a', record('a')]]);
  version = 1;
  calls = [];
  failing = false;
  warnings = 0;
  const say = async <T>(call: string, value: T): Promise<T> => {
    calls.push(call);
    if (failing) throw new Error('the store is away');
    return value;
  };
  const store: ClientStore = {
    load: (clientId) => say('load', records.get(clientId)),
    version: () => say('version', version),
    add: () => say('add', 'added' as const),
    replace: () => say('replace', 'replaced' as const),
    remove: () => say('remove', true),
    list: () => say('list', { items: [] }),
  };
  const log = { debug() {}, info() {}, warn: () => void warnings++, error() {} };
  registry = createClientRegistry({ store, log, capacity: 3 });
});

/** Another node changes the client. */
function changeElsewhere(revision: number): void {
  records.set('a', record('a', revision));
  version += 1;
}

async function settle(): Promise<void> {
  for (let turn = 0; turn < 10; turn++) await Promise.resolve();
}

test('a client in memory is answered at once, without the store', async () => {
  await registry.find('a', 0);
  calls.length = 0;
  const client = registry.find('a', 4000);
  assert.ok(client !== undefined && !(client instanceof Promise));
  assert.deepEqual(calls, []);
});

test('after five seconds the version is compared in the background, while the old answer is given', async () => {
  await registry.find('a', 0);
  changeElsewhere(2);
  const old = registry.find('a', 5001);
  assert.ok(old !== undefined && !(old instanceof Promise) && old.version === 1);
  await settle();
  assert.equal((await registry.find('a', 5002))?.version, 2);
});

test('an unchanged version costs no client a second read', async () => {
  await registry.find('a', 0);
  calls.length = 0;
  registry.find('a', 5001);
  registry.find('a', 5002);
  await settle();
  registry.find('a', 9000);
  assert.deepEqual(calls, ['version']);
});

test('after thirty seconds nothing is answered before the store was asked', async () => {
  await registry.find('a', 0);
  changeElsewhere(2);
  assert.equal((await registry.find('a', 30_001))?.version, 2);
});

test('a store that is away is survived for thirty seconds, with a warning, and not longer', async () => {
  await registry.find('a', 0);
  failing = true;
  assert.ok(registry.find('a', 6000));
  await settle();
  assert.equal(warnings, 1);
  await assert.rejects(async () => registry.find('a', 31_000), /away/);
});

test('a clock that is set back does not freeze the memory', async () => {
  await registry.find('a', 100_000);
  changeElsewhere(2);
  assert.equal((await registry.find('a', 0))?.version, 2);
});

test('a client whose credentials did not match is read again, but not when it was read a moment ago', async () => {
  const client = await registry.find('a', 0);
  assert.ok(client);
  changeElsewhere(2);
  assert.equal(await registry.recheck(client, 999), undefined);
  assert.equal((await registry.recheck(client, 1000))?.version, 2);
});

test('what this node changes or removes, it sees at once', async () => {
  await registry.find('a', 0);
  records.set('a', record('a', 2));
  await registry.replace(record('a', 2));
  assert.equal((await registry.find('a', 1))?.version, 2);
  records.delete('a');
  await registry.remove('a', 2);
  assert.equal(await registry.find('a', 3), undefined);
});

test('a client read while it was being changed is not remembered', async () => {
  await registry.find('a', 0);
  await registry.replace(record('a', 1));
  const reading = registry.find('a', 1);
  await registry.replace(record('a', 2));
  records.set('a', record('a', 2));
  await reading;
  assert.equal((await registry.find('a', 2))?.version, 2);
});

test('the memory has a bound', async () => {
  for (const clientId of ['b', 'c', 'd', 'e']) records.set(clientId, record(clientId));
  for (const clientId of records.keys()) await registry.find(clientId, 0);
  calls.length = 0;
  for (const clientId of records.keys()) await registry.find(clientId, 1);
  assert.equal(calls.filter((call) => call === 'load').length >= 2, true);
  await registry.find('nobody', 2);
  assert.equal(await registry.find('nobody', 3), undefined);
});

for (const clientId of ['', 'a\u0000b', 'n\u00e4me', 'x'.repeat(257)]) {
  test(`what no client can be called does not reach the store: ${JSON.stringify(clientId.slice(0, 9))}`, async () => {
    calls.length = 0;
    assert.equal(await registry.find(clientId, 0), undefined);
    assert.equal(calls.includes('load'), false);
  });
}
