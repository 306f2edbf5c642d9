/** The key ring over the key store: answers from memory, follows the store, rotates by age and by command. */
import { parsePublicJwk } from '@tegata/core/jose/jwk';
import { createLocalSigner } from '@tegata/core/jose/local-signer';
import type { Random } from '@tegata/core/random';
import type { Clock } from '@tegata/core/time/clock';
import type { KeyRing } from '../ports/key-ring.ts';
import type { KeyRecord, KeyStore } from '../ports/stores/keys.ts';
import { deriveSecret, openInstanceSecret } from './instance-secret.ts';
import { type KeyView, type TokenKey, viewKeys } from './key-view.ts';
import { generateKey, isSignerAlgorithm, openPrivateKey } from './private-key.ts';
import { planRotation, type RotationPolicy, type RotationRequest, type RotationStep } from './rotation-plan.ts';
import type { KeyWrapping } from './wrapping.ts';

export interface KeyRingDeps {
  readonly store: KeyStore;
  readonly wrapping: KeyWrapping;
  readonly policy: RotationPolicy;
  readonly clock: Clock;
  readonly random: Random;
}

/** A key ring with the work that keeps it current. */
export interface ManagedKeyRing extends KeyRing {
  /** Takes over what other nodes or commands changed, and rotates what is due. Call it at least once a minute; rejects when the store fails. */
  maintain(): Promise<readonly RotationStep[]>;
  /** Gives these algorithms new keys now, whatever the age of the present ones. */
  rotate(request: RotationRequest): Promise<readonly RotationStep[]>;
}

/** Opens the ring; at the first start makes the token keys and the instance secret. */
export async function openKeyRing(deps: KeyRingDeps): Promise<ManagedKeyRing> {
  const [secret, initial] = await Promise.all([openInstanceSecret(deps), firstKeys(deps)]);
  return ringOf(deps, secret, initial);
}

interface LoadedKeys {
  readonly version: number;
  readonly keys: readonly TokenKey[];
}

async function firstKeys(deps: KeyRingDeps): Promise<LoadedKeys> {
  const loaded = await loadKeys(deps, []);
  const steps = await carryOut(deps, planFor(deps, loaded.keys));
  return steps.length === 0 ? loaded : loadKeys(deps, loaded.keys);
}

function ringOf(deps: KeyRingDeps, secret: Uint8Array, initial: LoadedKeys): ManagedKeyRing {
  const { clock, policy, store } = deps;
  let loaded = initial;
  let view = viewKeys(loaded.keys, policy.algorithms, clock.now());
  let pending: Promise<unknown> = Promise.resolve();
  const derived = new Map<string, Uint8Array>();

  const current = (): KeyView => {
    const now = clock.now();
    if (now >= view.until || now < view.from) view = viewKeys(loaded.keys, policy.algorithms, now);
    return view;
  };
  const reload = async (): Promise<void> => {
    loaded = await loadKeys(deps, loaded.keys);
    view = viewKeys(loaded.keys, policy.algorithms, clock.now());
  };
  const follow = async (request?: RotationRequest): Promise<readonly RotationStep[]> => {
    if ((await store.version()) !== loaded.version) await reload();
    const steps = await carryOut(deps, planFor(deps, loaded.keys, request));
    if (steps.length > 0) await reload();
    return steps;
  };
  // One at a time: two plans from one state would do everything twice.
  const inTurn = (request?: RotationRequest): Promise<readonly RotationStep[]> => {
    const turn = pending.then(() => follow(request));
    pending = turn.catch(() => undefined);
    return turn;
  };

  return {
    tokenSigner(algorithm) {
      const signer = current().signers.get(algorithm);
      if (signer === undefined) throw new Error(`there is no token key for ${algorithm}`);
      return signer;
    },
    algorithms: () => [...current().signers.keys()],
    published: () => current().published,
    verificationKey: (keyId) => current().verification.get(keyId),
    secret(purpose) {
      const known = derived.get(purpose) ?? deriveSecret(secret, purpose);
      derived.set(purpose, known);
      return known.slice();
    },
    maintain: () => inTurn(),
    rotate: (request) => inTurn(request),
  };
}

function planFor({ policy, clock }: KeyRingDeps, keys: readonly TokenKey[], request?: RotationRequest) {
  return planRotation(
    keys.map((key) => key.record),
    clock.now(),
    policy,
    request,
  );
}

async function carryOut(deps: KeyRingDeps, steps: readonly RotationStep[]): Promise<readonly RotationStep[]> {
  const creations = steps.filter((step) => step.kind === 'create');
  // Key pairs first, all at once: an RSA key takes its time, and nothing may be half done meanwhile.
  const made = await Promise.all(
    creations.map(({ algorithm, activeFrom }) =>
      generateKey('token', algorithm, { createdAt: deps.clock.now(), activeFrom }, deps.wrapping),
    ),
  );
  for (const step of steps) {
    switch (step.kind) {
      case 'retire':
        await deps.store.update(step.keyId, { retiresAt: step.retiresAt, removedAt: step.removedAt });
        break;
      case 'create': {
        const { record } = made[creations.indexOf(step)] as (typeof made)[number];
        const { algorithm } = step;
        await deps.store.add(record, step.onlyIfNone ? { onlyIfNone: { purpose: 'token', algorithm } } : {});
        break;
      }
      case 'destroy':
        await deps.store.remove(step.keyId);
    }
  }
  return steps;
}

/** Reads the store; keys already open are not opened again, so that signers keep their identity. */
async function loadKeys({ store, wrapping }: KeyRingDeps, known: readonly TokenKey[]): Promise<LoadedKeys> {
  // Version first: a change between the two reads is then seen at the next look.
  const version = await store.version();
  const records = await store.list('token');
  const open = new Map(known.map((key) => [key.record.keyId, key]));
  const keys = records.flatMap((record) => {
    const before = open.get(record.keyId);
    const key = before === undefined ? openTokenKey(record, wrapping) : { ...before, record };
    return key === undefined ? [] : [key];
  });
  return { version, keys };
}

/** `undefined` for a key of an algorithm that only another version of the server knows. */
function openTokenKey(record: KeyRecord, wrapping: KeyWrapping): TokenKey | undefined {
  const { keyId, algorithm } = record;
  if (!isSignerAlgorithm(algorithm)) return undefined;
  const key = parsePublicJwk({ ...record.publicJwk, kid: keyId, alg: algorithm, use: 'sig' });
  if (!key.ok) throw new Error(`the public half of key ${keyId} in the store is damaged: ${key.error.detail}`);
  const privateKey = openPrivateKey(record, wrapping);
  const token = { record, jwk: key.value.jwk, verification: { keyId, algorithm, key: key.value } };
  return privateKey === undefined ? token : { ...token, signer: createLocalSigner(keyId, algorithm, privateKey) };
}
