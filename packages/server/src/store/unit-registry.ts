/** Units by name: what a front thread would send to a store thread is a name and its arguments. */
import type { AnyUnit, SqlEngine, UnitsOf } from './unit.ts';

export interface UnitRegistry {
  /** Adds the units of one port under `<group>.<method>`; throws when a name is taken. */
  register(group: string, units: Readonly<Record<string, AnyUnit>>): void;
  /** Throws for a name that nobody registered. */
  find(name: string): AnyUnit;
}

/** Runs units by name, wherever their engine lives. */
export interface UnitRunner {
  run(name: string, args: readonly unknown[]): Promise<unknown>;
}

export function createUnitRegistry(): UnitRegistry {
  const units = new Map<string, AnyUnit>();
  return {
    register(group, members) {
      for (const [method, unit] of Object.entries(members)) {
        const name = `${group}.${method}`;
        if (units.has(name)) throw new Error(`two units are called ${name}`);
        units.set(name, unit);
      }
    },
    find(name) {
      const unit = units.get(name);
      if (unit === undefined) throw new Error(`no unit is called ${name}`);
      return unit;
    },
  };
}

/** Runs registered units on an engine of the same thread. */
export function createLocalRunner(registry: UnitRegistry, engine: SqlEngine): UnitRunner {
  return { run: (name, args) => engine.run(registry.find(name), args) };
}

/** A port whose methods run the units registered under `<group>.<method>`. */
export function bindUnits<Port>(group: string, units: UnitsOf<Port>, runner: UnitRunner): Port {
  const port: Record<string, (...args: readonly unknown[]) => Promise<unknown>> = {};
  for (const method of Object.keys(units)) {
    const name = `${group}.${method}`;
    port[method] = (...args) => runner.run(name, args);
  }
  return port as Port;
}
