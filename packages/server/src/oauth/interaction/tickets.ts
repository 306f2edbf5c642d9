/**
 * Tickets: the state of an interaction, sealed and carried by the browser, so that no page view costs a row. Bound to one kind of page,
 * to one browser and to a time.
 * @spec RFC 9700 §4.7
 */
import { decodeBase64url, encodeBase64url } from '@tegata/core/codec/base64url';
import { type JsonObject, parseJsonObject } from '@tegata/core/codec/json';
import { open, seal } from '@tegata/core/codec/sealed';
import { encodeUtf8 } from '@tegata/core/codec/utf8';
import { sha256 } from '@tegata/core/crypto';
import type { Random } from '@tegata/core/random';
import type { Instant } from '@tegata/core/time/clock';
import type { ReplayStore } from '../../ports/stores/replay.ts';

/**
 * Where a ticket is good. Addresses (`login`, `consent`) may be opened again; forms act once. `carried` holds the parameters of a
 * POST from another site until the browser comes back with its cookies; it is bound to no browser and proves nothing.
 */
export type TicketKind =
  | 'carried'
  | 'login'
  | 'consent'
  | 'login-form'
  | 'consent-form'
  | 'logout-form'
  | 'account-form'
  | 'setup-form';

export interface Tickets {
  /** Seals `content` for one kind of page in one browser. */
  issue(kind: TicketKind, browser: string, content: JsonObject, now: Instant): string;
  /** The content, unless the ticket is of another kind or browser, expired, or not ours. */
  open(kind: TicketKind, browser: string, ticket: string, now: Instant): JsonObject | undefined;
  /** Whether this form is sent for the first time: one conditional write, so that of two racing copies one wins. */
  firstUse(ticket: string, now: Instant): Promise<boolean>;
}

export interface TicketOptions {
  /** 32 bytes, for this purpose alone. */
  readonly key: Uint8Array;
  /** How long a page may be left open, in milliseconds. */
  readonly lifetime: number;
  readonly random: Random;
  readonly replay: ReplayStore;
}

/** Longest ticket that is looked at; what is sealed is bounded where it is made. */
const longestTicket = 12_288;
/** Changes with the shape of the contents, so that tickets of an older release expire instead of being misread. */
const format = '1';

/** Creates the sealer. */
export function createTickets({ key, lifetime, random, replay }: TicketOptions): Tickets {
  const contextOf = (kind: TicketKind, browser: string): string => `ticket ${format} ${kind} ${browser}`;
  return {
    issue(kind, browser, content, now) {
      const plaintext = encodeUtf8(JSON.stringify({ until: now + lifetime, content }));
      return encodeBase64url(seal(key, contextOf(kind, browser), plaintext, random));
    },
    open(kind, browser, ticket, now) {
      const box = ticket.length > longestTicket ? undefined : decodeBase64url(ticket);
      const plaintext = box === undefined ? undefined : open(key, contextOf(kind, browser), box);
      const parsed = plaintext === undefined ? undefined : parseJsonObject(plaintext);
      if (parsed?.ok !== true) return undefined;
      const { until, content } = parsed.value as { readonly until: Instant; readonly content: JsonObject };
      return until > now ? content : undefined;
    },
    firstUse: (ticket, now) => replay.firstSeen('interaction', sha256(ticket), now, now + lifetime),
  };
}
