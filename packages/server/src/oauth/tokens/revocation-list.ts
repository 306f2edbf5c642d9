/**
 * Revoked tokens, families and clients in memory, so that checking a JWT costs no storage.
 * @spec RFC 7009 §3
 */
import type { Instant } from '@tegata/core/time/clock';
import { minute } from '@tegata/core/time/duration';
import type { Revocation, RevocationKind, RevocationStore } from '../../ports/stores/revocations.ts';

/** What a token has by which it can be revoked. */
export interface RevocableToken {
  readonly jti: string;
  readonly family: string | undefined;
  readonly clientId: string;
  readonly issuedAt: Instant;
}

export interface RevocationList {
  /** Takes effect at once on this node; the caller has stored it for the others. */
  add(revocation: Revocation): void;
  isRevoked(token: RevocableToken): boolean;
  /** Fetches what other nodes have revoked, and forgets what no live token can concern. To be called every few seconds. */
  poll(now: Instant): Promise<void>;
}

/** Polls overlap by this much, because the clocks of two nodes differ. */
const overlap = 2 * minute;

/** Creates an empty list; the first poll fills it. */
export function createRevocationList(store: RevocationStore): RevocationList {
  const lists: Readonly<Record<RevocationKind, Map<string, Revocation>>> = {
    jti: new Map(),
    family: new Map(),
    client: new Map(),
  };
  let polledAt: Instant | undefined;

  const add = (revocation: Revocation): void => {
    const list = lists[revocation.kind];
    const known = list.get(revocation.value);
    if (known === undefined || known.revokedAt < revocation.revokedAt) list.set(revocation.value, revocation);
  };

  return {
    add,
    isRevoked({ jti, family, clientId, issuedAt }) {
      if (lists.jti.has(jti)) return true;
      if (family !== undefined && lists.family.has(family)) return true;
      const removal = lists.client.get(clientId);
      // `iat` has whole seconds: one of the same second is taken for older.
      return removal !== undefined && issuedAt <= removal.revokedAt;
    },
    async poll(now) {
      const news = await store.since(polledAt === undefined ? 0 : polledAt - overlap, now);
      polledAt = now;
      for (const revocation of news) add(revocation);
      for (const list of Object.values(lists)) {
        for (const [value, { expiresAt }] of list) if (expiresAt <= now) list.delete(value);
      }
    },
  };
}
