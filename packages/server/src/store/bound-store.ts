/** The store port over a runner of named units. */
import type { Random } from '@tegata/core/random';
import type { Store } from '../ports/store.ts';
import type { AuditStore } from '../ports/stores/audit.ts';
import { purge } from './purge.ts';
import { acmeAccountUnits } from './sql/acme-accounts.ts';
import { auditUnits } from './sql/audit.ts';
import { certificateUnits } from './sql/certificates.ts';
import { clientUnits } from './sql/clients.ts';
import { consentUnits } from './sql/consents.ts';
import { jobUnits } from './sql/jobs.ts';
import { keyUnits } from './sql/keys.ts';
import { healthUnits, purgeUnits } from './sql/maintenance.ts';
import { oneTimeUnits } from './sql/one-time.ts';
import { orderUnits } from './sql/orders.ts';
import { replayUnits } from './sql/replay.ts';
import { revocationUnits } from './sql/revocations.ts';
import { sessionUnits } from './sql/sessions.ts';
import { tokenUnits } from './sql/tokens.ts';
import { userUnits } from './sql/users.ts';
import { bindUnits, createUnitRegistry, type UnitRegistry, type UnitRunner } from './unit-registry.ts';

/** All units of the store by name. */
export function createStoreRegistry(): UnitRegistry {
  const registry = createUnitRegistry();
  registry.register('clients', clientUnits);
  registry.register('consents', consentUnits);
  registry.register('tokens', tokenUnits);
  registry.register('oneTime', oneTimeUnits);
  registry.register('replay', replayUnits);
  registry.register('revocations', revocationUnits);
  registry.register('sessions', sessionUnits);
  registry.register('users', userUnits);
  registry.register('acmeAccounts', acmeAccountUnits);
  registry.register('orders', orderUnits);
  registry.register('certificates', certificateUnits);
  registry.register('keys', keyUnits);
  registry.register('jobs', jobUnits);
  registry.register('audit', { ...auditUnits });
  registry.register('purge', purgeUnits);
  registry.register('health', healthUnits);
  return registry;
}

/** @param close releases whatever the runner stands on */
export function bindStore(runner: UnitRunner, random: Random, close: () => Promise<void>): Store {
  return {
    clients: bindUnits('clients', clientUnits, runner),
    consents: bindUnits('consents', consentUnits, runner),
    tokens: bindUnits('tokens', tokenUnits, runner),
    oneTime: bindUnits('oneTime', oneTimeUnits, runner),
    replay: bindUnits('replay', replayUnits, runner),
    revocations: bindUnits('revocations', revocationUnits, runner),
    sessions: bindUnits('sessions', sessionUnits, runner),
    users: bindUnits('users', userUnits, runner),
    acmeAccounts: bindUnits('acmeAccounts', acmeAccountUnits, runner),
    orders: bindUnits('orders', orderUnits, runner),
    certificates: bindUnits('certificates', certificateUnits, runner),
    keys: bindUnits('keys', keyUnits, runner),
    jobs: bindUnits('jobs', jobUnits, runner),
    audit: bindAudit(runner, random),
    purge: (now, limit) => purge(runner, now, limit),
    ping: async () => void (await runner.run('health.ping', [])),
    close,
  };
}

function bindAudit(runner: UnitRunner, random: Random): AuditStore {
  return {
    append: async (events) => void (await runner.run('audit.append', [batchName(random), events])),
    list: (page) => runner.run('audit.list', [page]) as ReturnType<AuditStore['list']>,
  };
}

function batchName(random: Random): string {
  return Buffer.from(random.bytes(9)).toString('base64url');
}
