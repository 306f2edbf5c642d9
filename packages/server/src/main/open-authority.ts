/** The certificate authority of an installation, put together from its parts. */
import type { Random } from '@tegata/core/random';
import type { Clock } from '@tegata/core/time/clock';
import { type CrlPublisher, createCrlPublisher } from '../ca/crl-publisher.ts';
import { type Hierarchy, openHierarchy } from '../ca/hierarchy.ts';
import { dns } from '../ca/identifiers/dns.ts';
import { ip } from '../ca/identifiers/ip.ts';
import { createCertificateAuthority } from '../ca/issue.ts';
import { createProfileRegistry } from '../ca/profiles/registry.ts';
import { tlsServer } from '../ca/profiles/tls-server.ts';
import { tlsServerShort } from '../ca/profiles/tls-server-short.ts';
import { createRevocation } from '../ca/revoke.ts';
import { createCaUrls } from '../ca/urls.ts';
import type { Config } from '../config/config.ts';
import type { CertificateAuthority } from '../ports/certificate-authority.ts';
import type { NewJob } from '../ports/stores/jobs.ts';
import { leaseOf } from './node-name.ts';
import type { Instance } from './open-instance.ts';

export interface Authority {
  readonly ca: CertificateAuthority;
  readonly hierarchy: Hierarchy;
  readonly crls: CrlPublisher;
}

export interface AuthorityDeps {
  readonly clock: Clock;
  readonly random: Random;
  /** Hands a stored job that this process has leased to the worker. */
  readonly startJob: (job: NewJob) => void;
}

/** Opens the CA; at the first start makes its keys and certificates. `baseUrl` is where its plain HTTP listener is reached. */
export async function openAuthority(
  config: Config,
  { store, vault }: Pick<Instance, 'store' | 'vault'>,
  baseUrl: string,
  { clock, random, startJob }: AuthorityDeps,
): Promise<Authority> {
  const { certificates, jobs } = store;
  const urls = createCaUrls(baseUrl);
  const hierarchy = await openHierarchy({ vault, urls, algorithm: config.ca.algorithm, clock, random });
  const crls = createCrlPublisher({ hierarchy, certificates, clock });
  await crls.maintain();
  const ca = createCertificateAuthority({
    hierarchy,
    certificates,
    profiles: createProfileRegistry([tlsServer, tlsServerShort]),
    defaultProfile: config.acme.defaultProfile,
    identifiers: [dns, ip],
    revocation: createRevocation({
      certificates,
      jobs,
      clock,
      random,
      atOnce: { lease: (now) => leaseOf(config, now), start: startJob },
    }),
    clock,
    random,
  });
  return { ca, hierarchy, crls };
}
