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
  /** Forgets the consent and revokes every token family of this pair. */
  revoke(subject: string, clientId: string, now: Instant): Promise<void>;
}
