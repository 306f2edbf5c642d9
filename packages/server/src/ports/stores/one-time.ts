/** Things that work once and are not tokens: set-up links, initial access tokens, sealed interaction steps. */

import type { JsonObject } from '@tegata/core/codec/json';
import type { HandleDigest } from '@tegata/core/id';
import type { Instant } from '@tegata/core/time/clock';

export type OneTimeKind = 'setup_link' | 'initial_access_token' | 'interaction';

export type Spent =
  | { readonly outcome: 'first'; readonly value: JsonObject }
  | { readonly outcome: 'reused' }
  | { readonly outcome: 'unknown' };

export interface OneTimeStore {
  put(kind: OneTimeKind, handle: HandleDigest, value: JsonObject, now: Instant, expiresAt: Instant): Promise<void>;
  /** The value while unspent and unexpired. */
  peek(kind: OneTimeKind, handle: HandleDigest, now: Instant): Promise<JsonObject | undefined>;
  /** One conditional write: of any number of callers exactly one gets `first`. */
  spend(kind: OneTimeKind, handle: HandleDigest, now: Instant): Promise<Spent>;
  /** Ends every unspent one of the kind, e.g. older set-up links. */
  revokeAll(kind: OneTimeKind, now: Instant): Promise<number>;
}
