/**
 * What the endpoints share: made once by the factory from what composition provides.
 * @spec RFC 8555 §7.1
 */
import type { Random } from '@tegata/core/random';
import type { AuditSink } from '../../ports/audit.ts';
import type { CertificateAuthority } from '../../ports/certificate-authority.ts';
import type { Store } from '../../ports/store.ts';
import type { NewJob } from '../../ports/stores/jobs.ts';
import type { AccountCache } from '../accounts/account-cache.ts';
import type { ChallengeRegistry } from '../challenges/registry.ts';
import type { IdentifierRegistry } from '../identifiers/registry.ts';
import type { NonceWindow } from '../nonces/nonce-window.ts';
import type { Completions } from '../orders/completions.ts';
import type { Lifetimes } from '../orders/create-order.ts';
import type { AcmeUrls } from '../urls.ts';
import type { Responder } from './respond.ts';

/** The parts of the store that ACME uses. */
export type AcmeStore = Pick<Store, 'acmeAccounts' | 'orders' | 'certificates' | 'jobs'>;

export interface AcmeContext {
  readonly urls: AcmeUrls;
  readonly nonces: NonceWindow;
  readonly accounts: AccountCache;
  readonly responder: Responder;
  readonly identifiers: IdentifierRegistry;
  readonly challenges: ChallengeRegistry;
  readonly store: AcmeStore;
  readonly ca: CertificateAuthority;
  readonly lifetimes: Lifetimes;
  readonly completions: Completions;
  readonly random: Random;
  readonly audit: AuditSink;
  /** Page with the terms that account holders agree to. */
  readonly termsOfService: string | undefined;
  /** Name under which this process leases jobs. */
  readonly node: string;
  /** Hands a job that was stored with a lease of this node to the worker. */
  readonly startJob: (job: NewJob) => void;
}
