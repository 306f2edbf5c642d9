/** The store as the domain sees it: intentions, each one atomic and durable when its promise resolves. */
import type { AcmeAccountStore } from './stores/acme-accounts.ts';
import type { AuditStore } from './stores/audit.ts';
import type { CertificateStore } from './stores/certificates.ts';
import type { ClientStore } from './stores/clients.ts';
import type { ConsentStore } from './stores/consents.ts';
import type { JobStore } from './stores/jobs.ts';
import type { KeyStore } from './stores/keys.ts';
import type { OneTimeStore } from './stores/one-time.ts';
import type { OrderStore } from './stores/orders.ts';
import type { ReplayStore } from './stores/replay.ts';
import type { RevocationStore } from './stores/revocations.ts';
import type { SessionStore } from './stores/sessions.ts';
import type { TokenStore } from './stores/tokens.ts';
import type { UserStore } from './stores/users.ts';

export interface Store {
  readonly clients: ClientStore;
  readonly consents: ConsentStore;
  readonly tokens: TokenStore;
  readonly oneTime: OneTimeStore;
  readonly replay: ReplayStore;
  readonly revocations: RevocationStore;
  readonly sessions: SessionStore;
  readonly users: UserStore;
  readonly acmeAccounts: AcmeAccountStore;
  readonly orders: OrderStore;
  readonly certificates: CertificateStore;
  readonly keys: KeyStore;
  readonly jobs: JobStore;
  readonly audit: AuditStore;
  /** Deletes at most `limit` expired rows of each kind; how many went. */
  purge(now: number, limit: number): Promise<number>;
  /** Resolves when the store answers; for readiness checks. */
  ping(): Promise<void>;
  close(): Promise<void>;
}
