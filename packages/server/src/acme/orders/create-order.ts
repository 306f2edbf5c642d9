/**
 * Makes a new order and the authorizations it still needs: a pure function of what was asked and what is there.
 * @spec RFC 8555 §7.4
 * @spec RFC 8555 §8
 */
import { encodeSecret, timeOrderedId } from '@tegata/core/id';
import type { Random } from '@tegata/core/random';
import type { Instant } from '@tegata/core/time/clock';
import type { AcmeIdentifier, AuthorizationRecord, ChallengeRecord, OrderRecord } from '../../ports/stores/orders.ts';
import { chooseReusable, type NeededAuthorization } from '../authorizations/reuse.ts';
import type { ChallengeRegistry } from '../challenges/registry.ts';

export interface OrderRequest {
  readonly accountId: string;
  /** Canonical, without repetitions. */
  readonly identifiers: readonly AcmeIdentifier[];
  readonly profile: string;
  readonly notBefore?: Instant;
  readonly notAfter?: Instant;
}

/** All in milliseconds. */
export interface Lifetimes {
  readonly order: number;
  readonly pendingAuthorization: number;
}

export interface NewOrder {
  readonly order: OrderRecord;
  /** Those that are new, and not already stored. */
  readonly authorizations: readonly AuthorizationRecord[];
}

const tokenBytes = 24;

/**
 * @param needed what each identifier needs proved, in the order of `request.identifiers`
 * @param reusable the account's valid authorizations for them
 */
export function createOrder(
  request: OrderRequest,
  needed: readonly NeededAuthorization[],
  reusable: readonly AuthorizationRecord[],
  lifetimes: Lifetimes,
  challenges: ChallengeRegistry,
  now: Instant,
  random: Random,
): NewOrder {
  const fresh: AuthorizationRecord[] = [];
  const chosen = needed.map((need) => {
    const found = chooseReusable(need, reusable);
    if (found !== undefined) return found;
    const made = createAuthorization(
      need,
      request.accountId,
      now + lifetimes.pendingAuthorization,
      challenges,
      now,
      random,
    );
    fresh.push(made);
    return made;
  });
  const order: OrderRecord = {
    ...request,
    id: timeOrderedId(now, random),
    status: fresh.length === 0 ? 'ready' : 'pending',
    authorizations: chosen.map((authorization) => authorization.id),
    // An order cannot outlive a proof that it depends on.
    expiresAt: Math.min(now + lifetimes.order, ...chosen.map((authorization) => authorization.expiresAt)),
    createdAt: now,
  };
  return { order, authorizations: fresh };
}

function createAuthorization(
  { type, value, wildcard }: NeededAuthorization,
  accountId: string,
  expiresAt: Instant,
  registry: ChallengeRegistry,
  now: Instant,
  random: Random,
): AuthorizationRecord {
  const identifier = { type, value };
  const challenges = registry.offered({ identifier, wildcard }).map(
    (challengeType): ChallengeRecord => ({
      id: timeOrderedId(now, random),
      type: challengeType.type,
      status: 'pending',
      token: encodeSecret(random.bytes(tokenBytes)),
      fields: {},
    }),
  );
  return {
    id: timeOrderedId(now, random),
    accountId,
    identifier,
    wildcard,
    status: 'pending',
    expiresAt,
    createdAt: now,
    challenges,
  };
}
