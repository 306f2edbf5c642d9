/** Private keys, wrapped by the key-encryption key before they get here, and the certificates of our issuers. */
import type { JsonObject } from '@tegata/core/codec/json';
import type { Instant } from '@tegata/core/time/clock';

export type KeyPurpose = 'token' | 'root-ca' | 'issuing-ca' | 'tls' | 'secret';

export interface KeyRecord {
  readonly keyId: string;
  readonly purpose: KeyPurpose;
  /** JWS alg, or `secret` for symmetric material. */
  readonly algorithm: string;
  /** Public JWK; empty for symmetric material. */
  readonly publicJwk: JsonObject;
  /** AES-256-GCM of the PKCS #8 or raw secret. */
  readonly wrapped: Uint8Array;
  readonly createdAt: Instant;
  /** Signs from here on (published earlier, so that caches know it). */
  readonly activeFrom: Instant;
  /** Signs no more from here on, but stays published. */
  readonly retiresAt?: Instant;
  /** Not published from here on. */
  readonly removedAt?: Instant;
  /** DER certificate of a CA or TLS key. */
  readonly certificate?: Uint8Array;
}

export interface KeyStore {
  /**
   * Adds the key, with `onlyIfNone` unless another key of that kind is still unretired when this one begins to sign (`activeFrom`):
   * two nodes that start, or rotate, together agree on one this way.
   */
  add(
    key: KeyRecord,
    options?: { readonly onlyIfNone?: { purpose: KeyPurpose; algorithm: string } },
  ): Promise<'added' | 'exists'>;
  list(purpose?: KeyPurpose): Promise<readonly KeyRecord[]>;
  /** Sets the times or the certificate of a key. */
  update(keyId: string, change: Pick<Partial<KeyRecord>, 'retiresAt' | 'removedAt' | 'certificate'>): Promise<boolean>;
  remove(keyId: string): Promise<boolean>;
  /** Changes whenever any key changes. */
  version(): Promise<number>;
  /** A named instance value written once (salt of the KEK, check value, node-independent secrets ids); returns the stored one. */
  putSettingOnce(name: string, value: string): Promise<string>;
  setting(name: string): Promise<string | undefined>;
}
