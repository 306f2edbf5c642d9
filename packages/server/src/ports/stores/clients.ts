/** Registered OAuth clients (RFC 7591). */
import type { JsonObject } from '@tegata/core/codec/json';
import type { Instant } from '@tegata/core/time/clock';
import type { Page, PageRequest } from './page.ts';

export interface ClientRecord {
  readonly clientId: string;
  /** Effective RFC 7591 metadata under its registered names, already validated by `oauth/clients/metadata-rules.ts`. */
  readonly metadata: JsonObject;
  /** SHA-256 of the client secret; secrets are ours, long and random, so no slow hash is needed. */
  readonly secretDigest?: Uint8Array;
  /** SHA-256 of the RFC 7592 registration access token's secret. */
  readonly registrationTokenDigest?: Uint8Array;
  readonly createdAt: Instant;
  /** Grows by one with every change; guards replacement. */
  readonly version: number;
}

export interface ClientStore {
  add(client: ClientRecord): Promise<'added' | 'exists'>;
  load(clientId: string): Promise<ClientRecord | undefined>;
  /** Replaces the record whose version is `client.version - 1`. */
  replace(client: ClientRecord): Promise<'replaced' | 'conflict' | 'unknown'>;
  /** Removes the client with its consents, codes and refresh-token families; its JWTs are refused from now on. */
  remove(clientId: string, now: Instant): Promise<boolean>;
  list(page: PageRequest): Promise<Page<ClientRecord>>;
  /** A number that changes whenever any client changes: caches compare it. */
  version(): Promise<number>;
}
