/**
 * Rotation of token keys as a decision: from the keys there are and the time to the steps that are due.
 *
 * Which key signs follows from `activeFrom` alone (see key-view.ts), so every node decides alike and a step that was
 * lost in a crash, or done twice by two nodes, does no harm: the next plan completes it.
 */
import type { SignerAlgorithm } from '@tegata/core/jose/signer';
import type { Instant } from '@tegata/core/time/clock';
import { hour } from '@tegata/core/time/duration';
import type { KeyRecord } from '../ports/stores/keys.ts';

export interface RotationPolicy {
  /** Which algorithms have keys, preferred one first. */
  readonly algorithms: readonly SignerAlgorithm[];
  /** Age at which a key gets a successor, in milliseconds. */
  readonly rotateAfter: number;
  /** How long a new key is published before it signs: longer than anyone caches the JWKS. */
  readonly publishAhead: number;
  /** How long a key stays published after its last signature: the longest life of a token and some clock skew. */
  readonly keepPublished: number;
}

export interface RotationRequest {
  readonly algorithms: readonly SignerAlgorithm[];
  /** The present keys are compromised: the successor signs as soon as every node can know it, and they are withdrawn then. */
  readonly urgent: boolean;
}

export type RotationStep =
  | { readonly kind: 'retire'; readonly keyId: string; readonly retiresAt: Instant; readonly removedAt: Instant }
  | {
      readonly kind: 'create';
      readonly algorithm: SignerAlgorithm;
      readonly activeFrom: Instant;
      /** Left out when another node has made one meanwhile. */
      readonly onlyIfNone: boolean;
    }
  | { readonly kind: 'destroy'; readonly keyId: string };

type KeyTimes = Pick<KeyRecord, 'keyId' | 'algorithm' | 'activeFrom' | 'retiresAt' | 'removedAt'>;

/** Clocks of nodes differ, and a plan is carried out a little after it was made. */
const slack = hour;
/** Nodes look at the store's version at least this often; a key that signs earlier would surprise them. */
const settleTime = 120_000;

/** Steps to take now, in this order. Taking them again is harmless. */
export function planRotation(
  keys: readonly KeyTimes[],
  now: Instant,
  policy: RotationPolicy,
  request?: RotationRequest,
): readonly RotationStep[] {
  return policy.algorithms.flatMap((algorithm) => {
    const own = keys.filter((key) => key.algorithm === algorithm).sort(byStart);
    const forced = request?.algorithms.includes(algorithm) === true;
    return [
      ...planSuccession(algorithm, own, now, policy, forced ? request : undefined),
      ...planDestruction(own, now, policy),
    ];
  });
}

function planSuccession(
  algorithm: SignerAlgorithm,
  keys: readonly KeyTimes[],
  now: Instant,
  policy: RotationPolicy,
  request: RotationRequest | undefined,
): readonly RotationStep[] {
  const unretired = keys.filter((key) => key.retiresAt === undefined);
  // A key from far in the future was made by a clock that was wrong: it waits for its time, and does not count.
  const current = unretired.filter((key) => key.activeFrom <= now + policy.publishAhead + slack);
  const newest = current.at(-1);
  const keep = request?.urgent === true ? 0 : policy.keepPublished;
  const retire = (from: readonly KeyTimes[], at: Instant): RotationStep[] =>
    from.map(({ keyId }) => ({ kind: 'retire', keyId, retiresAt: at, removedAt: at + keep }));
  if (request === undefined && newest !== undefined && newest.activeFrom > now - policy.rotateAfter) {
    return retire(current.slice(0, -1), newest.activeFrom);
  }
  const activeFrom = startOfSuccessor(keys, now, policy, request);
  const onlyIfNone = unretired.length === current.length;
  return [...retire(current, activeFrom), { kind: 'create', algorithm, activeFrom, onlyIfNone }];
}

function startOfSuccessor(
  keys: readonly KeyTimes[],
  now: Instant,
  policy: RotationPolicy,
  request: RotationRequest | undefined,
): Instant {
  const planned = now + (request?.urgent === true ? settleTime : policy.publishAhead);
  const bridged = keys.some((key) => key.activeFrom <= now && (key.removedAt === undefined || key.removedAt > planned));
  return bridged ? planned : now;
}

/** A withdrawn key is kept as long again, in case the clock was wrong, then its private half is destroyed. */
function planDestruction(keys: readonly KeyTimes[], now: Instant, policy: RotationPolicy): readonly RotationStep[] {
  const started = keys.filter((key) => key.activeFrom <= now);
  const signing = started.at(-1);
  return started
    .filter((key) => key !== signing && key.removedAt !== undefined && key.removedAt + policy.keepPublished <= now)
    .map(({ keyId }) => ({ kind: 'destroy', keyId }));
}

/** Order in which keys begin to sign; the same on every node. */
export function byStart(
  a: Pick<KeyRecord, 'activeFrom' | 'keyId'>,
  b: Pick<KeyRecord, 'activeFrom' | 'keyId'>,
): number {
  return a.activeFrom - b.activeFrom || (a.keyId < b.keyId ? -1 : 1);
}
