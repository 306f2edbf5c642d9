/** THE composition root: from open parts and settings to endpoints, jobs and chores. Reads top to bottom. */
import type { Random } from '@tegata/core/random';
import type { Clock } from '@tegata/core/time/clock';
import { hour, minute, second } from '@tegata/core/time/duration';
import { type AcmeSettings, createAcmeEndpoints, createAcmeJobHandlers } from '../acme/acme.ts';
import { sweepStrandedOrders } from '../acme/jobs/sweep.ts';
import { createCompletions } from '../acme/orders/completions.ts';
import { createAddressCheck } from '../acme/validation/address-policy.ts';
import { createPublishCrlHandler } from '../ca/crl-publisher.ts';
import type { Config } from '../config/config.ts';
import { createCaEndpoints } from '../http/ca-endpoints.ts';
import { createHealthEndpoints } from '../http/health-endpoints.ts';
import { createHomeEndpoint } from '../http/home-endpoint.ts';
import { createWorker, type Worker } from '../jobs/worker.ts';
import { createProbes } from '../net/probes/probes.ts';
import { createRemoteJwks } from '../net/remote-jwks.ts';
import { createClientRegistry } from '../oauth/clients/client-cache.ts';
import { createInteractionEndpoints, interactionMetadata } from '../oauth/interaction/interaction-endpoints.ts';
import { createPasswordHasher } from '../oauth/interaction/users/password-hash.ts';
import { createOAuthEndpoints } from '../oauth/oauth-endpoints.ts';
import { createRevocationList } from '../oauth/tokens/revocation-list.ts';
import type { AuditSink } from '../ports/audit.ts';
import type { Endpoint } from '../ports/endpoint.ts';
import type { Log } from '../ports/log.ts';
import type { Metrics } from '../ports/metrics.ts';
import type { Store } from '../ports/store.ts';
import type { Timer } from '../ports/timer.ts';
import { createReadiness } from '../telemetry/readiness.ts';
import { nodeName } from './node-name.ts';
import type { Authority } from './open-authority.ts';
import type { Instance } from './open-instance.ts';
import type { Chore } from './periodic.ts';

export interface CompositionDeps {
  readonly config: Config;
  readonly issuer: string;
  readonly instance: Instance;
  readonly authority: Authority;
  readonly clock: Clock;
  readonly timer: Timer;
  readonly random: Random;
  readonly log: Log;
  readonly metrics: Metrics;
  readonly audit: AuditSink;
  readonly stopping: () => boolean;
}

export interface Composition {
  /** For the HTTPS listener. */
  readonly endpoints: readonly Endpoint[];
  /** For the plain HTTP listener. */
  readonly plainEndpoints: readonly Endpoint[];
  readonly worker: Worker;
  /** To be awaited before the first request: what must be in memory by then. */
  readonly prepare: () => Promise<void>;
  readonly chores: readonly Chore[];
}

/** Rows of each kind in one step of a purge. */
const purgeLimit = 5_000;

export function compose(deps: CompositionDeps): Composition {
  const oauth = composeOAuth(deps);
  const acme = composeAcme(deps);
  const { authority, clock, instance, stopping, timer } = deps;
  const { store, keyRing } = instance;
  const { crls, hierarchy } = authority;
  const basePath = basePathOf(deps.issuer);
  return {
    endpoints: [
      ...oauth.endpoints,
      ...acme.endpoints,
      ...createCaEndpoints({ hierarchy, crls, basePath }),
      createHomeEndpoint(basePath),
      ...createHealthEndpoints({ ready: createReadiness({ store, timer, stopping }) }),
    ],
    plainEndpoints: createCaEndpoints({ hierarchy, crls, basePath: '' }),
    worker: acme.worker,
    prepare: oauth.prepare,
    chores: [
      ...oauth.chores,
      ...acme.chores,
      // Mostly one small read; a key that was withdrawn in an emergency must not be believed for long.
      { name: 'token keys', every: 2 * second, work: () => keyRing.maintain() },
      { name: 'authorities', every: 3 * hour, work: () => hierarchy.maintain() },
      { name: 'revocation lists', every: hour, work: () => crls.maintain() },
      { name: 'purge', every: minute, work: () => purge(store, clock, stopping) },
    ],
  };
}

/** Goes on while there is much to delete, in bounded steps between which others get their turn. */
async function purge(store: Store, clock: Clock, stopping: () => boolean): Promise<void> {
  while (!stopping() && (await store.purge(clock.now(), purgeLimit)) >= purgeLimit);
}

/** Path of the issuer without a slash at its end. */
export function basePathOf(issuer: string): string {
  return new URL(issuer).pathname.replace(/\/$/, '');
}

function composeOAuth(deps: CompositionDeps): Pick<Composition, 'endpoints' | 'prepare' | 'chores'> {
  const { audit, authority, clock, config, instance, issuer, log, metrics, random } = deps;
  const { keyRing, store } = instance;
  const { oauth, sessions } = config;
  const clients = createClientRegistry({ store: store.clients, log });
  const revocations = createRevocationList(store.revocations);
  const pollRevocations = () => revocations.poll(clock.now());
  const refusal = createAddressCheck(config.acme.validation.addresses);
  const interaction = createInteractionEndpoints({
    issuer,
    store,
    clients,
    keyRing,
    passwords: createPasswordHasher({ random }),
    sharedResources: oauth.resources,
    lifetimes: {
      code: oauth.authorizationCodeLifetime,
      page: hour,
      sessionIdle: sessions.idleLifetime,
      sessionAbsolute: sessions.absoluteLifetime,
    },
    accessTokenLifetime: oauth.accessTokenLifetime,
    refreshLifetime: oauth.refreshAbsoluteLifetime,
    random,
    audit,
    metrics,
  });
  const protocol = createOAuthEndpoints({
    issuer,
    basePath: basePathOf(issuer),
    clients,
    store,
    revocations,
    keyRing,
    random,
    remoteJwks: createRemoteJwks({
      clock,
      vetAddress: (address) => refusal(address) === undefined,
      ownRoot: () => authority.hierarchy.root().pem,
    }),
    lifetimes: {
      accessToken: oauth.accessTokenLifetime,
      idToken: oauth.idTokenLifetime,
      refreshIdle: oauth.refreshIdleLifetime,
      refreshAbsolute: oauth.refreshAbsoluteLifetime,
      refreshGrace: oauth.refreshGracePeriod,
      clockSkew: oauth.clockSkew,
    },
    scopes: oauth.scopes,
    resources: oauth.resources,
    registration: oauth.registration.enabled ? 'initial_access_token' : 'off',
    siblings: interaction,
    siblingMetadata: interactionMetadata,
    audit,
    metrics,
  });
  return {
    endpoints: [...interaction, ...protocol],
    prepare: pollRevocations,
    chores: [{ name: 'revoked tokens', every: 2 * second, work: pollRevocations }],
  };
}

function composeAcme(deps: CompositionDeps): Pick<Composition, 'endpoints' | 'worker' | 'chores'> {
  const { audit, authority, clock, config, instance, issuer, log, metrics, random, timer } = deps;
  const { store } = instance;
  const { acme } = config;
  const { addresses, alwaysValid, httpPort, resolvers, tlsPort } = acme.validation;
  const settings: AcmeSettings = {
    baseUrl: issuer.replace(/\/$/, ''),
    orderLifetime: acme.orderLifetime,
    authorizationLifetime: acme.authorizationLifetime,
    caaIdentities: acme.caaIdentities,
  };
  const completions = createCompletions(timer);
  const probes = createProbes({ resolvers, checkAddress: createAddressCheck(addresses), httpPort, tlsPort });
  const node = nodeName(config);
  const ca = authority.ca;
  const worker = createWorker({
    jobs: store.jobs,
    handlers: {
      ...createAcmeJobHandlers({
        ...settings,
        store,
        ca,
        completions,
        probes,
        timer,
        clock,
        audit,
        log,
        metrics,
        alwaysValid,
      }),
      'publish-crl': createPublishCrlHandler(authority.crls),
    },
    clock,
    timer,
    random,
    log,
    owner: node,
  });
  const endpoints = createAcmeEndpoints({
    ...settings,
    ...(acme.termsOfService === undefined ? {} : { termsOfService: acme.termsOfService }),
    ...(acme.website === undefined ? {} : { website: acme.website }),
    identifierPolicy: acme.identifiers,
    store,
    ca,
    completions,
    random,
    audit,
    node,
    startJob: worker.notify,
  });
  const basePath = basePathOf(issuer);
  return {
    // Two protocols use the words account and authorization; below the issuer's path each is told apart by its protocol.
    endpoints: endpoints.map((endpoint) => ({
      ...endpoint,
      name: `acme.${endpoint.name}`,
      path: basePath + endpoint.path,
    })),
    worker,
    chores: [{ name: 'stranded orders', every: minute, work: () => sweepStrandedOrders({ store, clock, random }) }],
  };
}
