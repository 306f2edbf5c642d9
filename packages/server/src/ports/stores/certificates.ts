/** Certificates from intent to revocation. Intent is stored before anything is signed. */
import type { Instant } from '@tegata/core/time/clock';
import type { AcmeIdentifier } from './orders.ts';

/** RFC 5280 section 5.3.1 codes that may be used: 0, 1, 3, 4, 5, 9. */
export type RevocationReason = 0 | 1 | 3 | 4 | 5 | 9;

export interface CertificateIntent {
  readonly id: string;
  /** Lower-case hex without leading zeros trimmed: two digits per byte. */
  readonly serial: string;
  /** Key id of the issuer. */
  readonly issuer: string;
  readonly profile: string;
  readonly accountId?: string;
  readonly orderId?: string;
  readonly identifiers: readonly AcmeIdentifier[];
  readonly notBefore: Instant;
  readonly notAfter: Instant;
  /** The to-be-signed bytes that passed the lints. */
  readonly tbs: Uint8Array;
  /** SHA-256 of the SubjectPublicKeyInfo. */
  readonly keyDigest: Uint8Array;
  readonly at: Instant;
}

export interface CertificateRecord extends Omit<CertificateIntent, 'tbs' | 'at'> {
  readonly der: Uint8Array;
  readonly issuedAt: Instant;
  readonly revokedAt?: Instant;
  readonly reason?: RevocationReason;
}

export interface RevokedEntry {
  readonly serial: string;
  readonly revokedAt: Instant;
  readonly reason: RevocationReason;
}

export interface CertificateStore {
  /** `duplicate` when the serial is taken. For the same order a second intent replaces an unfinished first. */
  recordIntent(intent: CertificateIntent): Promise<'recorded' | 'duplicate'>;
  /** An unfinished intent of the order, so that the same bytes are signed again after a crash. */
  findIntent(orderId: string): Promise<CertificateIntent | undefined>;
  /** Stores the certificate; with an order also moves it processing → valid and removes the job, one unit. */
  complete(
    id: string,
    der: Uint8Array,
    at: Instant,
    job?: { readonly orderId: string; readonly jobId: string },
  ): Promise<'completed' | 'unchanged'>;
  load(id: string): Promise<CertificateRecord | undefined>;
  findBySerial(serial: string): Promise<CertificateRecord | undefined>;
  /** Exactly one caller gets `revoked`. */
  revoke(serial: string, reason: RevocationReason, at: Instant): Promise<'revoked' | 'already-revoked' | 'unknown'>;
  /** Revoked certificates of an issuer that had not expired at `now`, in order of serial. */
  revoked(issuer: string, now: Instant): Promise<readonly RevokedEntry[]>;
  /** Whether a key was reported compromised and may not be certified again. */
  isBlockedKey(keyDigest: Uint8Array): Promise<boolean>;
  blockKey(keyDigest: Uint8Array, at: Instant): Promise<void>;

  /** The newest CRL of an issuer. */
  loadCrl(
    issuer: string,
  ): Promise<
    | { readonly number: number; readonly der: Uint8Array; readonly thisUpdate: Instant; readonly nextUpdate: Instant }
    | undefined
  >;
  /** Stores a CRL if its number is one above the stored one. */
  putCrl(
    issuer: string,
    crl: {
      readonly number: number;
      readonly der: Uint8Array;
      readonly thisUpdate: Instant;
      readonly nextUpdate: Instant;
    },
  ): Promise<boolean>;
}
