/** What the token keys mean at one moment: which one signs for each algorithm, and which are published. */
import type { PublicJwk } from '@tegata/core/jose/jwk';
import type { Signer, SignerAlgorithm } from '@tegata/core/jose/signer';
import type { Instant } from '@tegata/core/time/clock';
import type { VerificationKey } from '../ports/key-ring.ts';
import type { KeyRecord } from '../ports/stores/keys.ts';
import { byStart } from './rotation-plan.ts';

/** A token key of the store, opened. */
export interface TokenKey {
  readonly record: KeyRecord;
  readonly verification: VerificationKey;
  /** Public JWK with `kid`, `alg` and `use`. */
  readonly jwk: PublicJwk;
  /** Absent when its box does not open: such a key still verifies. */
  readonly signer?: Signer;
}

export interface KeyView {
  readonly signers: ReadonlyMap<SignerAlgorithm, Signer>;
  readonly published: readonly PublicJwk[];
  readonly verification: ReadonlyMap<string, VerificationKey>;
  /** Holds from this instant on; before it, the clock was set back. */
  readonly from: Instant;
  /** Holds up to, not including, this instant. */
  readonly until: Instant;
}

/** The view of `keys` at `now`. Every algorithm that has a usable key has a signer, and every signer is published. */
export function viewKeys(keys: readonly TokenKey[], algorithms: readonly SignerAlgorithm[], now: Instant): KeyView {
  const ordered = [...keys].sort((a, b) => byStart(a.record, b.record));
  const signers = new Map<SignerAlgorithm, Signer>();
  for (const algorithm of algorithms) {
    const signer = chooseSigner(
      ordered.filter((key) => key.record.algorithm === algorithm),
      now,
    );
    if (signer !== undefined) signers.set(algorithm, signer);
  }
  const signing = new Set([...signers.values()].map((signer) => signer.keyId));
  const visible = ordered.filter((key) => isPublished(key, now) || signing.has(key.record.keyId)).reverse();
  return {
    signers,
    published: visible.map((key) => key.jwk),
    verification: new Map(visible.map((key) => [key.record.keyId, key.verification])),
    from: now,
    until: nextChange(keys, now),
  };
}

/** The latest key whose time has come; where a wrong clock leaves none, the nearest there is. */
function chooseSigner(ordered: readonly TokenKey[], now: Instant): Signer | undefined {
  const usable = ordered.filter((key) => key.signer !== undefined);
  const started = usable.filter((key) => key.record.activeFrom <= now);
  const chosen = started.filter((key) => isPublished(key, now)).at(-1) ?? started.at(-1) ?? usable[0];
  return chosen?.signer;
}

function isPublished({ record }: TokenKey, now: Instant): boolean {
  return record.removedAt === undefined || record.removedAt > now;
}

function nextChange(keys: readonly TokenKey[], now: Instant): Instant {
  const times = keys.flatMap(({ record }) => [record.activeFrom, record.removedAt ?? Number.POSITIVE_INFINITY]);
  return Math.min(...times.filter((time) => time > now), Number.POSITIVE_INFINITY);
}
