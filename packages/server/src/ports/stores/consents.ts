/** What a user has allowed a client, remembered between visits. */
import type { Instant } from '@tegata/core/time/clock';

export interface ConsentRecord {
  readonly subject: string;
  readonly clientId: string;
  readonly scopes: readonly string[];
  readonly resources: readonly string[];
  readonly grantedAt: Instant;
}

export interface ConsentStore {
  load(subject: string, clientId: string): Promise<ConsentRecord | undefined>;
  /** Merges the scopes and resources into what is remembered already. */
  remember(consent: ConsentRecord): Promise<void>;
  /** What the user has allowed, the latest first, at most 500. */
  list(subject: string): Promise<readonly ConsentRecord[]>;
  /** Forgets the consent and revokes every token family of this pair. */
  revoke(subject: string, clientId: string, now: Instant): Promise<void>;
}
