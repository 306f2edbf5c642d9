/**
 * The instance secret: 32 bytes made once, from which every symmetric key of the server is derived.
 * @spec RFC 5869 §2
 */
import { hkdfSync } from 'node:crypto';
import { encodeHex } from '@tegata/core/codec/hex';
import type { Random } from '@tegata/core/random';
import type { Clock } from '@tegata/core/time/clock';
import type { KeyRecord, KeyStore } from '../ports/stores/keys.ts';
import type { KeyWrapping } from './wrapping.ts';

export interface InstanceSecretDeps {
  readonly store: Pick<KeyStore, 'add' | 'list'>;
  readonly wrapping: KeyWrapping;
  readonly clock: Clock;
  readonly random: Random;
}

const secretLength = 32;

/** The secret of this installation; two nodes that start together agree on one. */
export async function openInstanceSecret(deps: InstanceSecretDeps): Promise<Uint8Array> {
  const found = oldest(await deps.store.list('secret')) ?? (await create(deps));
  const secret = deps.wrapping.unwrap(found.keyId, found.purpose, found.wrapped);
  if (secret === undefined)
    throw new Error('the instance secret in the store is damaged; restore the store from your backup');
  return secret;
}

/** 32 bytes for one purpose; knowing them tells nothing about those of another. */
export function deriveSecret(secret: Uint8Array, purpose: string): Uint8Array {
  return new Uint8Array(hkdfSync('sha256', secret, '', `tegata/${purpose}`, secretLength));
}

async function create({ store, wrapping, clock, random }: InstanceSecretDeps): Promise<KeyRecord> {
  const keyId = `secret-${encodeHex(random.bytes(8))}`;
  const now = clock.now();
  await store.add(
    {
      keyId,
      purpose: 'secret',
      algorithm: 'secret',
      publicJwk: {},
      wrapped: wrapping.wrap(keyId, 'secret', random.bytes(secretLength)),
      createdAt: now,
      activeFrom: now,
    },
    { onlyIfNone: { purpose: 'secret', algorithm: 'secret' } },
  );
  return oldest(await store.list('secret')) as KeyRecord;
}

function oldest(records: readonly KeyRecord[]): KeyRecord | undefined {
  return [...records].sort((a, b) => a.createdAt - b.createdAt || (a.keyId < b.keyId ? -1 : 1))[0];
}
