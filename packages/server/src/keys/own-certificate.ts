/** The server's own TLS certificate, from its own CA: issued at the first start, renewed after two thirds of its life. */
import type { KeyObject } from 'node:crypto';
import { encodeHex } from '@tegata/core/codec/hex';
import { exportPublicKeyInfo } from '@tegata/core/crypto';
import type { SignerAlgorithm } from '@tegata/core/jose/signer';
import { fail, ok, type Result } from '@tegata/core/result';
import type { Clock, Instant } from '@tegata/core/time/clock';
import { day } from '@tegata/core/time/duration';
import { parseCertificate } from '@tegata/core/x509/certificate';
import type { CertificateAuthority } from '../ports/certificate-authority.ts';
import type { CertificateRecord, CertificateStore } from '../ports/stores/certificates.ts';
import type { KeyRecord, KeyStore } from '../ports/stores/keys.ts';
import type { AcmeIdentifier } from '../ports/stores/orders.ts';
import { generateKey, openPrivateKey } from './private-key.ts';
import type { KeyWrapping } from './wrapping.ts';

/** What a TLS listener needs. */
export interface TlsMaterial {
  /** PKCS #8. */
  readonly keyPem: string;
  /** The certificate and every intermediate. */
  readonly certificatePem: string;
  readonly notAfter: Instant;
}

export interface OwnCertificate {
  current(): TlsMaterial;
  /** Renews when due, and takes over what another node renewed; tells `onChange`. Call it every hour; rejects when it cannot. */
  maintain(): Promise<void>;
}

export interface OwnCertificateDeps {
  readonly authority: Pick<CertificateAuthority, 'issue' | 'chainPem'>;
  readonly keys: KeyStore;
  readonly certificates: Pick<CertificateStore, 'findBySerial'>;
  readonly wrapping: KeyWrapping;
  readonly clock: Clock;
  readonly names: readonly AcmeIdentifier[];
  readonly algorithm: SignerAlgorithm;
  /** Name of the certificate profile. */
  readonly profile: string;
  /** Called with every new certificate after the first: new TLS connections are to use it. */
  readonly onChange: (material: TlsMaterial) => void;
}

interface OwnKey {
  readonly record: KeyRecord;
  readonly certificate: CertificateRecord;
}

/** Opens the certificate, issuing it when there is none that fits; the fault is one sentence. */
export async function openOwnCertificate(deps: OwnCertificateDeps): Promise<Result<OwnCertificate, string>> {
  const first = await obtain(deps);
  if (!first.ok) return first;
  let current = first.value;
  return ok({
    current: () => current,
    async maintain() {
      const next = await obtain(deps);
      if (!next.ok) throw new Error(next.error);
      await removeExpired(deps);
      if (next.value.certificatePem === current.certificatePem) return;
      current = next.value;
      deps.onChange(current);
    },
  });
}

async function obtain(deps: OwnCertificateDeps): Promise<Result<TlsMaterial, string>> {
  const usable = (await ownKeys(deps)).filter((own) => isUsable(own, deps));
  const best = usable.sort((a, b) => b.certificate.notAfter - a.certificate.notAfter)[0];
  const privateKey = best === undefined ? undefined : openPrivateKey(best.record, deps.wrapping);
  if (best !== undefined && privateKey !== undefined) return ok(materialOf(privateKey, best.certificate, deps));
  return renew(deps);
}

async function renew(deps: OwnCertificateDeps): Promise<Result<TlsMaterial, string>> {
  const { authority, clock, names, profile } = deps;
  const now = clock.now();
  const { record, privateKey } = await generateKey(
    'tls',
    deps.algorithm,
    { createdAt: now, activeFrom: now },
    deps.wrapping,
  );
  const issued = await authority.issue({ identifiers: names, publicKeyInfo: exportPublicKeyInfo(privateKey), profile });
  if (!issued.ok) {
    const why = issued.error.kind === 'refused' ? issued.error.detail : JSON.stringify(issued.error);
    const list = names.map((name) => name.value).join(', ');
    return fail(
      `The server's own certificate for ${list} cannot be issued; correct the issuer or listen address: ${why}`,
    );
  }
  await deps.keys.add({ ...record, certificate: issued.value.der });
  return ok(materialOf(privateKey, issued.value, deps));
}

async function ownKeys({ keys, certificates }: OwnCertificateDeps): Promise<readonly OwnKey[]> {
  const found: OwnKey[] = [];
  for (const record of await keys.list('tls')) {
    const parsed = record.certificate === undefined ? undefined : parseCertificate(record.certificate);
    if (parsed?.ok !== true) continue;
    const certificate = await certificates.findBySerial(encodeHex(parsed.value.serial));
    if (certificate !== undefined) found.push({ record, certificate });
  }
  return found;
}

function isUsable({ record, certificate }: OwnKey, { names, clock, algorithm, profile }: OwnCertificateDeps): boolean {
  const now = clock.now();
  const covered = new Set(certificate.identifiers.map(({ type, value }) => `${type}:${value}`));
  return (
    names.every(({ type, value }) => covered.has(`${type}:${value}`)) &&
    record.algorithm === algorithm &&
    certificate.profile === profile &&
    certificate.revokedAt === undefined &&
    now < renewalTime(certificate) &&
    // One from the future was made by a clock that was wrong then, and clients would refuse it.
    record.createdAt <= now + day
  );
}

function renewalTime({ notBefore, notAfter }: CertificateRecord): Instant {
  return notBefore + ((notAfter - notBefore) * 2) / 3;
}

async function removeExpired(deps: OwnCertificateDeps): Promise<void> {
  const now = deps.clock.now();
  for (const { record, certificate } of await ownKeys(deps)) {
    if (certificate.notAfter + day < now) await deps.keys.remove(record.keyId);
  }
}

function materialOf(
  privateKey: KeyObject,
  certificate: CertificateRecord,
  { authority }: OwnCertificateDeps,
): TlsMaterial {
  return {
    keyPem: privateKey.export({ type: 'pkcs8', format: 'pem' }),
    certificatePem: authority.chainPem(certificate),
    notAfter: certificate.notAfter,
  };
}
