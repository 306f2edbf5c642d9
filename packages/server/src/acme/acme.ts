/** Puts the parts of ACME together: what composition calls. */
import type { Random } from '@tegata/core/random';
import type { Clock } from '@tegata/core/time/clock';
import { day } from '@tegata/core/time/duration';
import type { AuditSink } from '../ports/audit.ts';
import type { CertificateAuthority } from '../ports/certificate-authority.ts';
import type { Endpoint } from '../ports/endpoint.ts';
import type { JobHandler } from '../ports/job-handler.ts';
import type { Log } from '../ports/log.ts';
import type { Metrics } from '../ports/metrics.ts';
import type { Probes } from '../ports/probes.ts';
import type { Store } from '../ports/store.ts';
import type { NewJob } from '../ports/stores/jobs.ts';
import type { Timer } from '../ports/timer.ts';
import { createAccountCache } from './accounts/account-cache.ts';
import { dns01 } from './challenges/dns-01.ts';
import { http01 } from './challenges/http-01.ts';
import { type ChallengeRegistry, createChallengeRegistry } from './challenges/registry.ts';
import { accountResourceEndpoint } from './endpoints/account.ts';
import { authorizationEndpoint } from './endpoints/authorization.ts';
import { certificateEndpoint } from './endpoints/certificate.ts';
import { challengeEndpoint } from './endpoints/challenge.ts';
import type { AcmeContext } from './endpoints/context.ts';
import { directoryEndpoints } from './endpoints/directory.ts';
import { finalizeEndpoint } from './endpoints/finalize.ts';
import { keyChangeEndpoint } from './endpoints/key-change.ts';
import { newAccountEndpoint } from './endpoints/new-account.ts';
import { newNonceEndpoint } from './endpoints/new-nonce.ts';
import { newOrderEndpoint } from './endpoints/new-order.ts';
import { orderEndpoint } from './endpoints/order.ts';
import { ordersEndpoint } from './endpoints/orders.ts';
import { createResponder } from './endpoints/respond.ts';
import { revokeCertEndpoint } from './endpoints/revoke-cert.ts';
import { dnsIdentifier } from './identifiers/dns.ts';
import { createIdentifierRegistry } from './identifiers/registry.ts';
import { createIssueHandler } from './jobs/issue.ts';
import { createValidateHandler } from './jobs/validate.ts';
import { createNonceWindow } from './nonces/nonce-window.ts';
import type { Completions } from './orders/completions.ts';
import type { Lifetimes } from './orders/create-order.ts';
import { createIdentifierCheck, type IdentifierPolicy } from './policy/identifier-policy.ts';
import { createAcmeUrls } from './urls.ts';
import { defaultRetryPolicy, type RetryPolicy } from './validation/retry.ts';
import { createValidator } from './validation/validate.ts';

/** What both factories are told about this server. */
export interface AcmeSettings {
  /** External `https` address without a slash at its end: the issuer. */
  readonly baseUrl: string;
  /** Milliseconds that a client has to complete an order. */
  readonly orderLifetime: number;
  /** Milliseconds that a proof of control may be used. */
  readonly authorizationLifetime: number;
  /** Names that mean this server in CAA records; lower case. */
  readonly caaIdentities: readonly string[];
}

export interface AcmeEndpointDeps extends AcmeSettings {
  readonly termsOfService?: string;
  readonly website?: string;
  readonly identifierPolicy: IdentifierPolicy;
  readonly store: Pick<Store, 'acmeAccounts' | 'orders' | 'certificates' | 'jobs'>;
  readonly ca: CertificateAuthority;
  /** The same that the job handlers get, so that finalize hears of certificates issued in this process. */
  readonly completions: Completions;
  readonly random: Random;
  readonly audit: AuditSink;
  /** Name under which this process leases jobs. */
  readonly node: string;
  /** Hands a stored job that is leased by `node` to the worker. */
  readonly startJob: (job: NewJob) => void;
}

export interface AcmeJobDeps extends AcmeSettings {
  readonly store: Pick<Store, 'orders'>;
  readonly ca: CertificateAuthority;
  readonly completions: Completions;
  readonly probes: Probes;
  readonly timer: Timer;
  readonly clock: Clock;
  readonly audit: AuditSink;
  readonly log: Log;
  readonly metrics: Metrics;
  /** Takes every challenge for met: for tests and measurements only. */
  readonly alwaysValid: boolean;
  /** Other than the default only in tests. */
  readonly retry?: RetryPolicy;
}

const pendingAuthorizationLifetime = 7 * day;

/** Every ACME endpoint, with its path below that of `baseUrl`. */
export function createAcmeEndpoints(deps: AcmeEndpointDeps): readonly Endpoint[] {
  const acme = createContext(deps);
  const resources = [
    newNonceEndpoint(acme),
    newAccountEndpoint(acme),
    newOrderEndpoint(acme),
    revokeCertEndpoint(acme),
    keyChangeEndpoint(acme),
    accountResourceEndpoint(acme),
    ordersEndpoint(acme),
    orderEndpoint(acme),
    finalizeEndpoint(acme),
    authorizationEndpoint(acme),
    challengeEndpoint(acme),
    certificateEndpoint(acme),
  ];
  const { caaIdentities, termsOfService, website } = deps;
  return [...directoryEndpoints(acme, resources, { caaIdentities, termsOfService, website }), ...resources];
}

/** What the worker does for the job kinds of ACME. */
export function createAcmeJobHandlers(deps: AcmeJobDeps): {
  readonly validate: JobHandler;
  readonly issue: JobHandler;
} {
  const { alwaysValid, audit, ca, clock, completions, log, metrics, probes, timer } = deps;
  const { orders } = deps.store;
  if (alwaysValid) {
    log.warn({}, 'acme.validation.alwaysValid is on: anybody gets a certificate for any name. Use it for tests only.');
  }
  const validator = createValidator({
    challenges: challengeTypes(),
    probes,
    timer,
    urls: createAcmeUrls(deps.baseUrl),
    caa: { identities: deps.caaIdentities },
    retry: deps.retry ?? defaultRetryPolicy,
    alwaysValid,
  });
  const validAuthorization = deps.authorizationLifetime;
  return {
    validate: createValidateHandler({ orders, validator, completions, clock, audit, metrics, validAuthorization }),
    issue: createIssueHandler({ orders, ca, validator, completions, clock, audit, log, metrics }),
  };
}

function challengeTypes(): ChallengeRegistry {
  return createChallengeRegistry([http01, dns01]);
}

function createContext(deps: AcmeEndpointDeps): AcmeContext {
  const urls = createAcmeUrls(deps.baseUrl);
  const nonces = createNonceWindow(deps.random);
  const lifetimes: Lifetimes = {
    order: deps.orderLifetime,
    pendingAuthorization: Math.min(pendingAuthorizationLifetime, deps.orderLifetime),
  };
  return {
    urls,
    nonces,
    lifetimes,
    accounts: createAccountCache(deps.store.acmeAccounts),
    responder: createResponder(urls, nonces),
    identifiers: createIdentifierRegistry([dnsIdentifier], createIdentifierCheck(deps.identifierPolicy)),
    challenges: challengeTypes(),
    store: deps.store,
    ca: deps.ca,
    completions: deps.completions,
    random: deps.random,
    audit: deps.audit,
    termsOfService: deps.termsOfService,
    node: deps.node,
    startJob: deps.startJob,
  };
}
