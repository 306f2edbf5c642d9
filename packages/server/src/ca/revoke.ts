/**
 * Revocation: stored at once, then published in the issuer's CRL by a durable job.
 * @spec RFC 8555 §7.6
 * @spec RFC 5280 §5.3.1
 */
import { timeOrderedId } from '@tegata/core/id';
import type { Random } from '@tegata/core/random';
import { fail, ok } from '@tegata/core/result';
import type { Clock, Instant } from '@tegata/core/time/clock';
import type { CertificateAuthority } from '../ports/certificate-authority.ts';
import type { CertificateStore } from '../ports/stores/certificates.ts';
import type { JobStore, Lease, NewJob } from '../ports/stores/jobs.ts';

export type Revocation = Pick<CertificateAuthority, 'revoke'>;

export interface RevocationDeps {
  readonly certificates: Pick<CertificateStore, 'findBySerial' | 'revoke' | 'blockKey'>;
  readonly jobs: Pick<JobStore, 'add'>;
  readonly clock: Clock;
  readonly random: Random;
  /** How this process begins the job at once; without it, the job is taken up by polling. */
  readonly atOnce?: {
    readonly lease: (now: Instant) => Lease;
    /** Hands the stored job to the worker. */
    readonly start: (job: NewJob) => void;
  };
}

const keyCompromise = 1;

/** Revokes by serial number. With reason keyCompromise the key itself is blocked as well. */
export function createRevocation(deps: RevocationDeps): Revocation {
  const { atOnce, certificates, jobs, clock, random } = deps;
  return {
    async revoke(serial, reason) {
      const certificate = await certificates.findBySerial(serial);
      if (certificate === undefined) return fail('unknown');
      const now = clock.now();
      // First, so that a crash cannot leave the certificate revoked and its key usable.
      if (reason === keyCompromise) await certificates.blockKey(certificate.keyDigest, now);
      const outcome = await certificates.revoke(serial, reason, now);
      if (outcome !== 'revoked') return fail(outcome);
      const { issuer } = certificate;
      const job: NewJob = {
        id: timeOrderedId(now, random),
        kind: 'publish-crl',
        // A key of its own for each certificate: a job that runs already may have read the list before this revocation.
        key: `${issuer}/${serial}`,
        payload: { issuer, serial },
        notBefore: now,
        ...(atOnce === undefined ? {} : { lease: atOnce.lease(now) }),
      };
      if ((await jobs.add(job)) === 'added') atOnce?.start(job);
      return ok();
    },
  };
}
