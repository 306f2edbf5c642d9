/**
 * Registered clients in front of the store: answered from memory, checked against the store's version in the background.
 * @spec RFC 7591 §3.2.1
 */
import type { Instant } from '@tegata/core/time/clock';
import { second } from '@tegata/core/time/duration';
import type { Log } from '../../ports/log.ts';
import type { ClientRecord, ClientStore } from '../../ports/stores/clients.ts';
import { type Client, parseClient } from './client.ts';

/** The clients, as every endpoint asks for them. */
export interface ClientRegistry {
  /** The client, at once when it is in memory. */
  find(clientId: string, now: Instant): Client | undefined | Promise<Client | undefined>;
  /**
   * Reads the client again after its credentials did not match, in case they were changed elsewhere.
   * `undefined` when what `find` gave is too recent to be worth another look.
   */
  recheck(client: Client, now: Instant): Promise<Client | undefined>;
  /** Stores a new client. */
  add(record: ClientRecord): Promise<'added' | 'exists'>;
  /** The stored record, past the memory: to be changed. */
  load(clientId: string): Promise<ClientRecord | undefined>;
  replace(record: ClientRecord): Promise<'replaced' | 'conflict' | 'unknown'>;
  remove(clientId: string, now: Instant): Promise<boolean>;
}

export interface ClientRegistryOptions {
  readonly store: ClientStore;
  readonly log: Log;
  /** Most clients kept in memory. Default 10,000. */
  readonly capacity?: number;
}

/** After this, the store is asked in the background whether any client has changed. */
const softAge = 5 * second;
/** After this, nothing is answered before the store has said so. */
const hardAge = 30 * second;
/** A client read this recently is not read again for a wrong credential, so that guessing costs the store little. */
const recheckAge = 1 * second;

/** What no client can be called does not reach the store: it comes from anywhere, and PostgreSQL cannot hold a NUL. */
const identifier = /^[\x20-\x7e]{1,256}$/;

interface Entry {
  readonly client: Client;
  readonly loadedAt: Instant;
}

/** Compares the store's version with the one seen last. */
interface VersionCheck {
  /** Milliseconds since the last comparison; infinite before the first. */
  age(now: Instant): number;
  readonly running: () => boolean;
  /** One comparison at a time; joins the one under way. */
  run(now: Instant): Promise<void>;
}

function createVersionCheck(store: ClientStore, onChange: () => void): VersionCheck {
  let version: number | undefined;
  let checkedAt = Number.NEGATIVE_INFINITY;
  let running: Promise<void> | undefined;
  const compare = async (now: Instant): Promise<void> => {
    const current = await store.version();
    if (current !== version) onChange();
    version = current;
    checkedAt = now;
  };
  return {
    // A clock that was set back makes the age unknown, not small.
    age: (now) => Math.abs(now - checkedAt),
    running: () => running !== undefined,
    run(now) {
      running ??= compare(now).finally(() => {
        running = undefined;
      });
      return running;
    },
  };
}

/** Creates the registry over a store. */
export function createClientRegistry({ store, log, capacity = 10_000 }: ClientRegistryOptions): ClientRegistry {
  const entries = new Map<string, Entry>();
  /** Grows whenever something in memory may have become wrong. */
  let generation = 0;
  const check = createVersionCheck(store, () => {
    entries.clear();
    generation += 1;
  });

  const load = async (clientId: string, now: Instant): Promise<Client | undefined> => {
    if (!identifier.test(clientId)) return undefined;
    const started = generation;
    const record = await store.load(clientId);
    if (record === undefined) {
      entries.delete(clientId);
      return undefined;
    }
    const client = parseClient(record);
    // What was read while something changed may be from before the change: good for this request, not for later ones.
    if (started === generation) {
      if (entries.size >= capacity) entries.delete(entries.keys().next().value as string);
      entries.set(clientId, { client, loadedAt: now });
    }
    return client;
  };

  const confirm = async (clientId: string, now: Instant): Promise<Client | undefined> => {
    await check.run(now);
    return entries.get(clientId)?.client ?? load(clientId, now);
  };

  const forget = (clientId: string): void => {
    entries.delete(clientId);
    generation += 1;
  };

  return {
    find(clientId, now) {
      const age = check.age(now);
      if (age > hardAge) return confirm(clientId, now);
      if (age > softAge && !check.running()) {
        check
          .run(now)
          .catch((error: unknown) => log.warn({ err: error }, 'could not compare the version of the clients'));
      }
      const entry = entries.get(clientId);
      return entry === undefined ? load(clientId, now) : entry.client;
    },
    async recheck(client, now) {
      const entry = entries.get(client.clientId);
      const recent = entry !== undefined && Math.abs(now - entry.loadedAt) < recheckAge && entry.client === client;
      return recent ? undefined : load(client.clientId, now);
    },
    add: (record) => store.add(record),
    load: (clientId) => store.load(clientId),
    async replace(record) {
      const outcome = await store.replace(record);
      forget(record.clientId);
      return outcome;
    },
    async remove(clientId, now) {
      const removed = await store.remove(clientId, now);
      forget(clientId);
      return removed;
    },
  };
}
