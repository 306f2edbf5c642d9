/** What the pages need from outside, and what they share among themselves. */
import type { Random } from '@tegata/core/random';
import { day, hour, minute } from '@tegata/core/time/duration';
import type { AuditSink } from '../../ports/audit.ts';
import type { KeyRing } from '../../ports/key-ring.ts';
import type { Metrics } from '../../ports/metrics.ts';
import type { Store } from '../../ports/store.ts';
import type { ClientRegistry } from '../clients/client-cache.ts';
import { createSite, type Site } from './pages/layout.ts';
import { createSessions, type Sessions } from './sessions.ts';
import { createTickets, type Tickets } from './tickets.ts';
import type { PasswordHasher } from './users/password-hash.ts';

/** All in milliseconds. */
export interface InteractionLifetimes {
  /** How long a code waits to be exchanged. */
  readonly code: number;
  /** How long a page may be left open. */
  readonly page: number;
  /** A session without any request for this long ends. */
  readonly sessionIdle: number;
  /** Longest life of a session. */
  readonly sessionAbsolute: number;
}

/** What is used unless the configuration says otherwise. */
export const defaultInteractionLifetimes: InteractionLifetimes = {
  code: 1 * minute,
  page: 1 * hour,
  sessionIdle: 12 * hour,
  sessionAbsolute: 7 * day,
};

export interface InteractionDeps {
  /** The issuer identifier: every address on the pages is below it. */
  readonly issuer: string;
  readonly store: Pick<Store, 'users' | 'sessions' | 'consents' | 'tokens' | 'oneTime' | 'replay'>;
  readonly clients: Pick<ClientRegistry, 'find'>;
  readonly keyRing: Pick<KeyRing, 'secret' | 'verificationKey' | 'algorithms'>;
  readonly passwords: PasswordHasher;
  /** Resources that every client may ask for. */
  readonly sharedResources: readonly string[];
  readonly lifetimes: InteractionLifetimes;
  /** Life of an access token in milliseconds, told to the user on the consent page. */
  readonly accessTokenLifetime: number;
  /** Longest time that refreshing can prolong lasting access, in milliseconds; told there too. */
  readonly refreshLifetime: number;
  readonly random: Random;
  readonly audit: AuditSink;
  readonly metrics: Metrics;
}

/** The dependencies and what is made of them once: shared by all endpoints of the interaction. */
export interface Interaction extends InteractionDeps {
  readonly site: Site;
  readonly tickets: Tickets;
  readonly sessions: Sessions;
  /** Key of the digests under which attempts to sign in are counted. */
  readonly throttleSecret: Uint8Array;
}

/** Prepares the shared parts. */
export function createInteraction(deps: InteractionDeps): Interaction {
  const { store, keyRing, random, lifetimes } = deps;
  return {
    ...deps,
    site: createSite(deps.issuer),
    tickets: createTickets({
      key: keyRing.secret('interaction-ticket'),
      lifetime: lifetimes.page,
      random,
      replay: store.replay,
    }),
    sessions: createSessions({
      sessions: store.sessions,
      users: store.users,
      random,
      key: keyRing.secret('session-activity'),
      idle: lifetimes.sessionIdle,
      absolute: lifetimes.sessionAbsolute,
    }),
    throttleSecret: keyRing.secret('sign-in-throttle'),
  };
}
