/** The CA as ACME and administration see it. */
import type { Result } from '@tegata/core/result';
import type { Instant } from '@tegata/core/time/clock';
import type { CertificateRecord, RevocationReason } from './stores/certificates.ts';
import type { AcmeIdentifier } from './stores/orders.ts';

export interface IssuanceRequest {
  readonly identifiers: readonly AcmeIdentifier[];
  /** SubjectPublicKeyInfo DER of the key to certify; possession already proven, strength already checked. */
  readonly publicKeyInfo: Uint8Array;
  /** Name of a certificate profile. */
  readonly profile: string;
  readonly accountId?: string;
  readonly notBefore?: Instant;
  readonly notAfter?: Instant;
  /** The order it is for and the job that does it: both are concluded in the unit that stores the certificate. */
  readonly order?: { readonly orderId: string; readonly jobId: string };
}

export type IssuanceFault =
  /** The profile cannot express the request (identifier type, validity): the requester's mistake. */
  | { readonly kind: 'refused'; readonly detail: string }
  /** A lint found the certificate wrong: ours; nothing was signed. */
  | { readonly kind: 'lint'; readonly findings: readonly string[] }
  /** The order moved on meanwhile (deactivated account, another node finished). */
  | { readonly kind: 'superseded' };

export interface CertificateProfileSummary {
  readonly name: string;
  readonly description: string;
}

export interface CertificateAuthority {
  readonly profiles: readonly CertificateProfileSummary[];
  readonly defaultProfile: string;
  /**
   * Why `issue` would refuse a request for these names and this validity now, as a sentence for the requester; `undefined` when
   * it would not. Pure: asked when an order is placed, so that nothing is accepted that cannot be fulfilled (RFC 8555 section 7.4).
   */
  refusalOf(
    request: Pick<IssuanceRequest, 'identifiers' | 'profile' | 'notBefore' | 'notAfter'>,
    now: Instant,
  ): string | undefined;
  /**
   * prepare → lint → record intent → sign → complete. Safe to repeat for the same order: an unfinished intent is signed again,
   * byte for byte. Rejects (throws) only for defects and a failing store; the caller's job is then retried.
   */
  issue(request: IssuanceRequest): Promise<Result<CertificateRecord, IssuanceFault>>;
  revoke(serial: string, reason: RevocationReason): Promise<Result<void, 'already-revoked' | 'unknown'>>;
  /** PEM of the leaf followed by every intermediate, root left out (RFC 8555 section 7.4.2). */
  chainPem(certificate: CertificateRecord): string;
}
