import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createStoreRegistry } from './bound-store.ts';
import { read, sql, statement } from './unit.ts';
import { bindUnits, createUnitRegistry } from './unit-registry.ts';

interface Numbers {
  add(value: number, label?: string): Promise<string>;
  sum(): Promise<number>;
}

const units = {
  add: statement(function* (value: number, label?: string) {
    yield sql('INSERT', value);
    return label ?? 'none';
  }),
  sum: read(function* () {
    yield sql('SELECT');
    return 7;
  }),
};

describe('unit registry', () => {
  it('refuses two units of one name, and names nobody registered', () => {
    const registry = createUnitRegistry();
    registry.register('numbers', units);
    assert.throws(() => registry.register('numbers', { sum: units.sum }), /two units are called numbers\.sum/);
    assert.throws(() => registry.find('numbers.product'), /no unit is called numbers\.product/);
    assert.equal(registry.find('numbers.add'), units.add);
  });

  it('turns the methods of a port into names and arguments that can be sent to another thread', async () => {
    const sent: unknown[] = [];
    const runner = {
      async run(name: string, args: readonly unknown[]) {
        sent.push(structuredClone({ name, args }));
        return name;
      },
    };
    const numbers = bindUnits<Numbers>('numbers', units, runner);
    assert.equal(await numbers.add(3, 'three'), 'numbers.add');
    await numbers.sum();
    assert.deepEqual(sent, [
      { name: 'numbers.add', args: [3, 'three'] },
      { name: 'numbers.sum', args: [] },
    ]);
  });

  it('holds every unit of the store', () => {
    const registry = createStoreRegistry();
    for (const name of ['tokens.redeemCode', 'orders.recordValidation', 'purge.codes', 'health.ping', 'audit.append']) {
      assert.equal(typeof registry.find(name).body, 'function', name);
    }
  });
});
