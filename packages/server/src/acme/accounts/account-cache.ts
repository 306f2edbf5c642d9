/** Accounts and their ready-to-use keys in memory, so that a warm request reads no storage and imports no key. */
import { type PublicKey, parsePublicJwk } from '@tegata/core/jose/jwk';
import { unwrap } from '@tegata/core/result';
import type { Instant } from '@tegata/core/time/clock';
import { second } from '@tegata/core/time/duration';
import type { AcmeAccountRecord, AcmeAccountStore } from '../../ports/stores/acme-accounts.ts';

export interface CachedAccount {
  readonly record: AcmeAccountRecord;
  readonly key: PublicKey;
}

export interface AccountCache {
  load(id: string, now: Instant): Promise<CachedAccount | undefined>;
  /** Remembers what was just written, so that this node acts on it at once. */
  put(record: AcmeAccountRecord, key?: PublicKey): void;
}

interface Entry extends CachedAccount {
  /** Store version at which the record was read or written. */
  readonly generation: number;
}

const defaultCapacity = 10_000;
/** How long a change made by another node may go unnoticed. */
const checkInterval = second;

/** @param capacity accounts kept; the ones that came first leave first */
export function createAccountCache(store: AcmeAccountStore, capacity: number = defaultCapacity): AccountCache {
  const entries = new Map<string, Entry>();
  let version = -1;
  let generation = 0;
  let checkedAt = Number.NEGATIVE_INFINITY;

  const keep = (record: AcmeAccountRecord, readIn: number, given?: PublicKey): Entry => {
    const known = entries.get(record.id);
    const sameKey = known?.record.thumbprint === record.thumbprint ? known.key : undefined;
    const key = given ?? sameKey ?? unwrap(parsePublicJwk(record.publicJwk));
    const entry = { record, key, generation: readIn };
    entries.delete(record.id);
    if (entries.size >= capacity) entries.delete(entries.keys().next().value as string);
    entries.set(record.id, entry);
    return entry;
  };

  /** Whatever was read before another node's change is read again. */
  const checkVersion = async (now: Instant): Promise<void> => {
    if (Math.abs(now - checkedAt) < checkInterval) return;
    checkedAt = now;
    const current = await store.version();
    if (current !== version) generation += 1;
    version = current;
  };

  return {
    async load(id, now) {
      await checkVersion(now);
      const entry = entries.get(id);
      if (entry !== undefined && entry.generation === generation) return entry;
      const startedIn = generation;
      const record = await store.load(id);
      if (record === undefined) return undefined;
      const newer = entries.get(id);
      // A write that finished while we were reading has put a newer record.
      if (newer !== undefined && newer.record.version > record.version) return newer;
      return keep(record, startedIn);
    },
    put(record, key) {
      keep(record, generation, key);
    },
  };
}
