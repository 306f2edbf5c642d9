/** A certificate authority over a store in memory and a clock that tests move. */
import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { exportPublicKeyInfo } from '@tegata/core/crypto';
import type { SignerAlgorithm } from '@tegata/core/jose/signer';
import { systemRandom } from '@tegata/core/random';
import { unwrap } from '@tegata/core/result';
import { type ManualClock, manualClock } from '@tegata/core/time/clock';
import { createCrlPublisher } from '@tegata/server/ca/crl-publisher';
import { openHierarchy } from '@tegata/server/ca/hierarchy';
import { dns } from '@tegata/server/ca/identifiers/dns';
import { ip } from '@tegata/server/ca/identifiers/ip';
import { type CertificateAuthorityDeps, createCertificateAuthority } from '@tegata/server/ca/issue';
import { createProfileRegistry } from '@tegata/server/ca/profiles/registry';
import { tlsServer } from '@tegata/server/ca/profiles/tls-server';
import { tlsServerShort } from '@tegata/server/ca/profiles/tls-server-short';
import { createRevocation } from '@tegata/server/ca/revoke';
import { createCaUrls } from '@tegata/server/ca/urls';
import { createKeyVault } from '@tegata/server/keys/vault';
import { createKeyWrapping } from '@tegata/server/keys/wrapping';
import type { Store } from '@tegata/server/ports/store';
import { openStore } from '@tegata/server/store/open-store';

/** A moment in the lifetime of this project. */
export const testStart = Date.UTC(2026, 8, 1, 12, 0, 0);

export interface TestCaOptions {
  readonly algorithm?: SignerAlgorithm;
  readonly clock?: ManualClock;
  readonly store?: Store;
  readonly base?: string;
  readonly deps?: Partial<CertificateAuthorityDeps>;
}

export const testRandom = systemRandom();
/** The key-encryption key of tests. */
export const testWrapping = createKeyWrapping(new Uint8Array(32).fill(7), testRandom);

/** A store in memory, empty. */
export async function openTestStore(): Promise<Store> {
  return unwrap(await openStore('sqlite::memory:'));
}

/** Everything that compose.ts builds for the CA. Close the store when done. */
export async function openTestCa(options: TestCaOptions = {}) {
  const store = options.store ?? (await openTestStore());
  const clock = options.clock ?? manualClock(testStart);
  const random = testRandom;
  const vault = createKeyVault({ store: store.keys, wrapping: testWrapping, clock });
  const urls = createCaUrls(options.base ?? 'http://ca.example:8080');
  const hierarchy = await openHierarchy({ vault, urls, algorithm: options.algorithm ?? 'ES256', clock, random });
  const { certificates, jobs } = store;
  const authority = createCertificateAuthority({
    hierarchy,
    certificates,
    profiles: createProfileRegistry([tlsServer, tlsServerShort]),
    defaultProfile: 'tls-server',
    identifiers: [dns, ip],
    revocation: createRevocation({ certificates, jobs, clock, random }),
    clock,
    random,
    ...options.deps,
  });
  const crls = createCrlPublisher({ hierarchy, certificates, clock });
  return { store, clock, vault, hierarchy, authority, crls };
}

export type TestCa = Awaited<ReturnType<typeof openTestCa>>;

export type SubjectKeyKind = 'P-256' | 'P-384' | 'P-521' | 'RSA' | 'Ed25519';

/** A key pair of somebody who wants a certificate. */
export function subjectKey(kind: SubjectKeyKind = 'P-256'): { privateKey: KeyObject; publicKeyInfo: Uint8Array } {
  const privateKey = generateSubjectKey(kind);
  return { privateKey, publicKeyInfo: exportPublicKeyInfo(privateKey) };
}

function generateSubjectKey(kind: SubjectKeyKind): KeyObject {
  if (kind === 'RSA') return generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
  if (kind === 'Ed25519') return generateKeyPairSync('ed25519').privateKey;
  return generateKeyPairSync('ec', { namedCurve: kind }).privateKey;
}
