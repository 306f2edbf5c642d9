/**
 * The certificate authority: prepare, lint, record the intent, sign, complete; and revoke.
 *
 * The intent is stored before anything is signed. After a crash in between, the same bytes are signed again, so no
 * certificate can exist that the store does not know.
 * @spec RFC 8555 §7.4
 * @spec RFC 5280 §4.1
 */
import { encodeHex } from '@tegata/core/codec/hex';
import { encodePem } from '@tegata/core/codec/pem';
import { sha256 } from '@tegata/core/crypto';
import { timeOrderedId } from '@tegata/core/id';
import type { Random } from '@tegata/core/random';
import { type Failure, fail, ok, type Result } from '@tegata/core/result';
import type { Clock, Instant } from '@tegata/core/time/clock';
import { hour } from '@tegata/core/time/duration';
import { isSame } from '@tegata/core/x509/algorithm-identifier';
import { assembleCertificate } from '@tegata/core/x509/tbs-certificate';
import type { CertificateAuthority, IssuanceFault, IssuanceRequest } from '../ports/certificate-authority.ts';
import type { CertificateIntent, CertificateRecord, CertificateStore } from '../ports/stores/certificates.ts';
import type { Hierarchy } from './hierarchy.ts';
import type { CertifiableIdentifier } from './identifiers/certifiable-identifier.ts';
import { type Issuer, issuingTime } from './issuer.ts';
import { lintCertificate } from './lints/registry.ts';
import { prepareCertificate, refusalOf } from './prepare.ts';
import type { ProfileRegistry } from './profiles/registry.ts';
import type { Revocation } from './revoke.ts';
import { createSerial } from './serial.ts';

export interface CertificateAuthorityDeps {
  readonly hierarchy: Hierarchy;
  readonly certificates: CertificateStore;
  readonly profiles: ProfileRegistry;
  /** Name of the profile for orders that name none. */
  readonly defaultProfile: string;
  readonly identifiers: readonly CertifiableIdentifier[];
  readonly revocation: Revocation;
  readonly clock: Clock;
  readonly random: Random;
}

type Outcome = Result<CertificateRecord, IssuanceFault>;

/** With 126 random bits one duplicate will never be seen; three in a row mean that the generator is broken. */
const serialAttempts = 3;
/** Times that the order's intent may be replaced under our hands by other nodes. */
const intentAttempts = 3;
/** An older intent is not signed any more: what was checked for it is too long ago. */
const intentLifetime = 48 * hour;

/** @throws when the default profile does not exist: a mistake in composition */
export function createCertificateAuthority(deps: CertificateAuthorityDeps): CertificateAuthority {
  const { profiles, defaultProfile, hierarchy, revocation } = deps;
  const usable = profiles.find(defaultProfile);
  if (!usable.ok) throw new Error(usable.error);
  return {
    profiles: profiles.profiles.map(({ name, description }) => ({ name, description })),
    defaultProfile,
    refusalOf(request, now) {
      const profile = profiles.find(request.profile);
      if (!profile.ok) return profile.error;
      const issuer = hierarchy.active();
      return refusalOf(request, profile.value.profile, issuer, issuingTime(issuer, now), deps.identifiers);
    },
    issue: (request) => issue(request, deps),
    revoke: revocation.revoke,
    chainPem(certificate) {
      const issuer = hierarchy.find(certificate.issuer);
      if (issuer === undefined) throw new Error(`the issuer ${certificate.issuer} of a certificate is unknown`);
      return encodePem('CERTIFICATE', certificate.der) + issuer.pem;
    },
  };
}

async function issue(request: IssuanceRequest, deps: CertificateAuthorityDeps): Promise<Outcome> {
  const keyDigest = sha256(request.publicKeyInfo);
  const [blocked, unfinished] = await Promise.all([
    deps.certificates.isBlockedKey(keyDigest),
    findUsableIntent(request, keyDigest, deps),
  ]);
  if (blocked) return refused('This key was reported compromised; make a new one.');
  let intent = unfinished;
  for (let attempt = 0; attempt < intentAttempts; attempt++) {
    if (intent === undefined) {
      const recorded = await recordNewIntent(request, keyDigest, deps);
      if (!recorded.ok) return recorded;
      intent = recorded.value;
    }
    const certificate = await complete(intent, request, deps);
    if (certificate !== undefined) return ok(certificate);
    // Another node may have replaced the intent between ours and its completion: then that one is the order's.
    const other = await findUsableIntent(request, keyDigest, deps);
    if (other === undefined || other.id === intent.id) break;
    intent = other;
  }
  return fail({ kind: 'superseded' });
}

/** The intent that an earlier attempt, or another node, recorded for the order. */
async function findUsableIntent(
  { order }: IssuanceRequest,
  keyDigest: Uint8Array,
  { certificates, hierarchy, clock }: CertificateAuthorityDeps,
): Promise<CertificateIntent | undefined> {
  const intent = order === undefined ? undefined : await certificates.findIntent(order.orderId);
  if (intent === undefined || hierarchy.find(intent.issuer) === undefined) return undefined;
  const now = clock.now();
  const recent = Math.abs(now - intent.at) <= intentLifetime && intent.notAfter > now;
  return recent && isSame(intent.keyDigest, keyDigest) ? intent : undefined;
}

async function recordNewIntent(
  request: IssuanceRequest,
  keyDigest: Uint8Array,
  deps: CertificateAuthorityDeps,
): Promise<Result<CertificateIntent, IssuanceFault>> {
  const profile = deps.profiles.find(request.profile);
  if (!profile.ok) return refused(profile.error);
  const now = deps.clock.now();
  const issuer = deps.hierarchy.active();
  const from = issuingTime(issuer, now);
  const prepareDeps = { identifiers: deps.identifiers, lint: lintCertificate };
  for (let attempt = 0; attempt < serialAttempts; attempt++) {
    const serial = createSerial(deps.random);
    const prepared = prepareCertificate(request, profile.value, issuer, serial, from, prepareDeps);
    if (!prepared.ok) return prepared;
    const intent = intentOf(request, { ...prepared.value, serial, issuer, keyDigest, now }, deps.random);
    if ((await deps.certificates.recordIntent(intent)) === 'recorded') return ok(intent);
  }
  throw new Error(`${serialAttempts} random serial numbers in a row were taken: the random generator is broken`);
}

/** Signs the intent and stores the certificate; `undefined` when the intent is no longer there to be completed. */
async function complete(
  intent: CertificateIntent,
  { order }: IssuanceRequest,
  { certificates, clock, hierarchy }: CertificateAuthorityDeps,
): Promise<CertificateRecord | undefined> {
  const { signer } = hierarchy.find(intent.issuer) as Issuer;
  const signature = signer.sign(intent.tbs);
  const fixed = signature instanceof Uint8Array ? signature : await signature;
  const der = assembleCertificate(intent.tbs, signer.algorithm, fixed);
  const issuedAt = clock.now();
  if ((await certificates.complete(intent.id, der, issuedAt, order)) === 'completed') {
    const { tbs: _tbs, at: _at, ...record } = intent;
    return { ...record, der, issuedAt };
  }
  // Somebody else may have signed the same intent first: that certificate is the one that counts.
  return certificates.load(intent.id);
}

function intentOf(
  request: IssuanceRequest,
  made: {
    readonly tbs: Uint8Array;
    readonly notBefore: Instant;
    readonly notAfter: Instant;
    readonly serial: Uint8Array;
    readonly issuer: Issuer;
    readonly keyDigest: Uint8Array;
    readonly now: Instant;
  },
  random: Random,
): CertificateIntent {
  return {
    id: timeOrderedId(made.now, random),
    serial: encodeHex(made.serial),
    issuer: made.issuer.keyId,
    profile: request.profile,
    ...(request.accountId === undefined ? {} : { accountId: request.accountId }),
    ...(request.order === undefined ? {} : { orderId: request.order.orderId }),
    identifiers: request.identifiers,
    notBefore: made.notBefore,
    notAfter: made.notAfter,
    tbs: made.tbs,
    keyDigest: made.keyDigest,
    at: made.now,
  };
}

function refused(detail: string): Failure<IssuanceFault> {
  return fail({ kind: 'refused', detail });
}
