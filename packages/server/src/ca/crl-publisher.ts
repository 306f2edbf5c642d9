/**
 * Certificate revocation lists: always one that is fresh, a new one at once after a revocation.
 * @spec RFC 5280 §5
 */
import { decodeHex, encodeHex } from '@tegata/core/codec/hex';
import type { Clock, Instant } from '@tegata/core/time/clock';
import { day, hour, second } from '@tegata/core/time/duration';
import { assembleCertificateList, buildTbsCertificateList, parseCertificateList } from '@tegata/core/x509/crl';
import { encodeCrlNumber } from '@tegata/core/x509/extensions/crl-number';
import type { JobHandler } from '../ports/job-handler.ts';
import type { CertificateStore } from '../ports/stores/certificates.ts';
import type { Hierarchy } from './hierarchy.ts';
import type { Issuer } from './issuer.ts';

/** A CRL as it is served. */
export interface PublishedCrl {
  readonly number: number;
  readonly der: Uint8Array;
  readonly thisUpdate: Instant;
  readonly nextUpdate: Instant;
}

export interface CrlPublisher {
  /** Gives every issuer a CRL that is fresh and complete. Call it at start and every hour; rejects when the store fails. */
  maintain(): Promise<void>;
  /** Resolves when the issuer's CRL lists this serial number: the work of a `publish-crl` job. */
  publishRevocation(issuerKeyId: string, serial: string): Promise<void>;
  /** The newest CRL; `undefined` for an issuer that is unknown. */
  current(issuerKeyId: string): Promise<PublishedCrl | undefined>;
}

export interface CrlPublisherDeps {
  readonly hierarchy: Hierarchy;
  readonly certificates: Pick<CertificateStore, 'revoked' | 'loadCrl' | 'putCrl'>;
  readonly clock: Clock;
}

/** What this process knows of an issuer's newest CRL. */
interface Known {
  readonly crl: PublishedCrl;
  readonly serials: ReadonlySet<string>;
  readonly readAt: Instant;
}

const lifetime = 7 * day;
const regenerateAfter = day;
/** For clients whose clock is slow, as in certificates. */
const backdate = hour;
/** How long an answer may come from memory while another node may have published. */
const rememberFor = 10 * second;
/** Lost races with other nodes; each loss means that another node published. */
const attempts = 5;

export function createCrlPublisher(deps: CrlPublisherDeps): CrlPublisher {
  const { hierarchy, certificates, clock } = deps;
  const known = new Map<string, Known>();
  const turns = new Map<string, Promise<unknown>>();

  const load = async (issuer: Issuer): Promise<Known | undefined> => {
    const crl = await certificates.loadCrl(issuer.keyId);
    if (crl === undefined) return undefined;
    const before = known.get(issuer.keyId);
    const serials = before?.crl.number === crl.number ? before.serials : serialsOf(crl.der);
    const found = { crl, serials, readAt: clock.now() };
    known.set(issuer.keyId, found);
    return found;
  };
  const publish = async (issuer: Issuer, isEnough: (found: Known) => boolean): Promise<void> => {
    for (let attempt = 0; attempt < attempts; attempt++) {
      const found = await load(issuer);
      if (found !== undefined && isEnough(found)) return;
      const next = await createCrl(issuer, (found?.crl.number ?? 0) + 1, deps);
      if (!(await certificates.putCrl(issuer.keyId, next.crl))) continue;
      known.set(issuer.keyId, next);
      return;
    }
    throw new Error(`the CRL of ${issuer.keyId} was published by others ${attempts} times, and never in full`);
  };
  // One at a time for each issuer: of many revocations at once the first publishes, and the others find themselves listed.
  const inTurn = (issuer: Issuer, work: () => Promise<void>): Promise<void> => {
    const turn = (turns.get(issuer.keyId) ?? Promise.resolve()).then(work);
    turns.set(
      issuer.keyId,
      turn.catch(() => undefined),
    );
    return turn;
  };

  return {
    async maintain() {
      const issuers = [hierarchy.root(), ...hierarchy.issuing()];
      for (const issuer of issuers.filter((one) => mayMatter(one, clock.now()))) {
        await inTurn(issuer, async () => {
          const revoked = await revokedBy(issuer, deps);
          await publish(
            issuer,
            (found) => isFresh(found.crl, clock.now()) && revoked.every((one) => found.serials.has(one.serial)),
          );
        });
      }
    },
    async publishRevocation(issuerKeyId, serial) {
      const issuer = hierarchy.find(issuerKeyId);
      // A CA that was removed has nobody to sign its CRL.
      if (issuer === undefined) return;
      await inTurn(issuer, () => publish(issuer, (found) => found.serials.has(serial)));
    },
    async current(issuerKeyId) {
      const issuer = hierarchy.find(issuerKeyId);
      if (issuer === undefined) return undefined;
      const remembered = known.get(issuerKeyId);
      const age = remembered === undefined ? Number.POSITIVE_INFINITY : clock.now() - remembered.readAt;
      const found = age >= 0 && age < rememberFor ? remembered : await load(issuer);
      return found?.crl;
    },
  };
}

/** Nobody looks for the CRL of a CA whose own certificate has ended, and all that it issued has ended before. */
function mayMatter(issuer: Issuer, now: Instant): boolean {
  return issuer.certificate.notAfter + lifetime > now;
}

/** A time in the future means that the clock was wrong then or is wrong now: clients would refuse such a CRL either way. */
function isFresh(crl: PublishedCrl, now: Instant): boolean {
  const age = now - crl.thisUpdate - backdate;
  return age < regenerateAfter && age > -backdate;
}

/** Entries stay in at least one CRL that was made after their certificate's end (RFC 5280 section 3.3). */
function revokedBy(issuer: Issuer, { certificates, clock }: CrlPublisherDeps) {
  return certificates.revoked(issuer.keyId, clock.now() - 2 * regenerateAfter);
}

async function createCrl(issuer: Issuer, number: number, deps: CrlPublisherDeps): Promise<Known> {
  const now = deps.clock.now();
  const revoked = await revokedBy(issuer, deps);
  const times = { thisUpdate: wholeSecond(now - backdate), nextUpdate: wholeSecond(now + lifetime) };
  const tbs = buildTbsCertificateList({
    algorithm: issuer.signer.algorithm,
    issuer: issuer.certificate.subject,
    ...times,
    revoked: revoked.map(({ serial, revokedAt, reason }) => ({ serial: bytesOf(serial), revokedAt, reason })),
    extensions: [issuer.authorityKeyIdentifier, encodeCrlNumber(number)],
  });
  const der = assembleCertificateList(tbs, issuer.signer.algorithm, await issuer.signer.sign(tbs));
  return { crl: { number, der, ...times }, serials: new Set(revoked.map((one) => one.serial)), readAt: now };
}

/** Serial numbers in a CRL that another node or an earlier run made; empty when it cannot be read, which makes a new one due. */
function serialsOf(der: Uint8Array): ReadonlySet<string> {
  const list = parseCertificateList(der);
  return new Set(list.ok ? list.value.revoked.map((entry) => encodeHex(entry.serial)) : []);
}

function bytesOf(serial: string): Uint8Array {
  const bytes = decodeHex(serial);
  if (bytes === undefined) throw new Error(`no serial number: ${serial}`);
  return bytes;
}

function wholeSecond(instant: Instant): Instant {
  return Math.floor(instant / second) * second;
}

/** The handler of `publish-crl` jobs. */
export function createPublishCrlHandler(publisher: CrlPublisher): JobHandler {
  return async ({ payload: { issuer, serial } }) => {
    if (typeof issuer === 'string' && typeof serial === 'string') await publisher.publishRevocation(issuer, serial);
    return { kind: 'finished' };
  };
}
