/** Remembers what may be presented only once: assertion and proof identifiers. */
import type { Instant } from '@tegata/core/time/clock';

export interface ReplayStore {
  /** Whether this is the first time `digest` is seen before its expiry; remembered until `expiresAt`. */
  firstSeen(kind: string, digest: Uint8Array, now: Instant, expiresAt: Instant): Promise<boolean>;
}
