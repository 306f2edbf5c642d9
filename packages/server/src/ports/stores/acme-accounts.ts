/** ACME accounts (RFC 8555 section 7.1.2). */
import type { JsonObject } from '@tegata/core/codec/json';
import type { Instant } from '@tegata/core/time/clock';

export type AcmeAccountStatus = 'valid' | 'deactivated' | 'revoked';

export interface AcmeAccountRecord {
  readonly id: string;
  readonly status: AcmeAccountStatus;
  readonly publicJwk: JsonObject;
  /** RFC 7638 SHA-256 thumbprint, base64url; unique. */
  readonly thumbprint: string;
  readonly contact: readonly string[];
  readonly termsAgreedAt?: Instant;
  readonly createdAt: Instant;
  readonly version: number;
}

export interface AcmeAccountStore {
  /** Creates the account, or returns the one that has this key already. */
  create(
    account: AcmeAccountRecord,
  ): Promise<{ readonly outcome: 'created' | 'exists'; readonly account: AcmeAccountRecord }>;
  load(id: string): Promise<AcmeAccountRecord | undefined>;
  findByThumbprint(thumbprint: string): Promise<AcmeAccountRecord | undefined>;
  updateContact(id: string, contact: readonly string[]): Promise<AcmeAccountRecord | undefined>;
  /** Ends the account; pending orders and authorizations of it become invalid / deactivated in the same unit. */
  deactivate(id: string, now: Instant): Promise<AcmeAccountRecord | undefined>;
  /** Swaps the key while it is still `oldThumbprint`; `in-use` names the account that has the new key. */
  replaceKey(
    id: string,
    oldThumbprint: string,
    key: { readonly publicJwk: JsonObject; readonly thumbprint: string },
  ): Promise<{ readonly outcome: 'replaced' | 'conflict' } | { readonly outcome: 'in-use'; readonly account: string }>;
  /** Changes whenever any account changes: caches compare it. */
  version(): Promise<number>;
}
