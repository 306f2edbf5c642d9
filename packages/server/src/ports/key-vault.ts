/** Where private keys live: generated here, stored wrapped, used through signers; the CA sees nothing else of them. */
import type { Signer, SignerAlgorithm } from '@tegata/core/jose/signer';
import type { Instant } from '@tegata/core/time/clock';
import type { KeyPurpose, KeyRecord } from './stores/keys.ts';

/** A key of the store, ready to sign. */
export interface VaultKey {
  readonly record: KeyRecord;
  readonly signer: Signer;
  /** SubjectPublicKeyInfo DER. */
  readonly publicKeyInfo: Uint8Array;
}

export interface KeyVault {
  /** A new key pair that nobody else knows yet; `activeFrom` is when it begins to sign. */
  generate(purpose: KeyPurpose, algorithm: SignerAlgorithm, activeFrom: Instant): Promise<VaultKey>;
  /** Stores the key; with `onlyIfNone` unless the store has an unretired one of the same purpose and algorithm. */
  add(
    key: VaultKey,
    options: { readonly certificate?: Uint8Array; readonly onlyIfNone: boolean },
  ): Promise<'added' | 'exists'>;
  /** Every key of a purpose, oldest first. */
  load(purpose: KeyPurpose): Promise<readonly VaultKey[]>;
  /** Replaces the certificate of a stored key. */
  setCertificate(keyId: string, certificate: Uint8Array): Promise<void>;
  /** The key signs no more from `at` on. */
  retire(keyId: string, at: Instant): Promise<void>;
}
