/** From a request to the bytes to sign: names, dates, extensions and lints; pure, nothing is stored or signed. */
import { fail, ok, type Result } from '@tegata/core/result';
import type { Instant } from '@tegata/core/time/clock';
import type { Extension } from '@tegata/core/x509/extension';
import { encodeSubjectAltName } from '@tegata/core/x509/extensions/subject-alt-name';
import { encodeSubjectKeyIdentifier } from '@tegata/core/x509/extensions/subject-key-identifier';
import type { GeneralName } from '@tegata/core/x509/general-name';
import { commonName, type Name } from '@tegata/core/x509/name';
import { parsePublicKeyShape } from '@tegata/core/x509/public-key';
import { buildTbsCertificate } from '@tegata/core/x509/tbs-certificate';
import { keyIdentifier } from '@tegata/core/x509/thumbprint';
import type { IssuanceFault, IssuanceRequest } from '../ports/certificate-authority.ts';
import type { AcmeIdentifier } from '../ports/stores/orders.ts';
import type { CertifiableIdentifier } from './identifiers/certifiable-identifier.ts';
import type { Issuer } from './issuer.ts';
import type { LintContext } from './lints/lint-subject.ts';
import type { CertificateProfile } from './profiles/profile.ts';
import type { PreparedProfile } from './profiles/registry.ts';
import { decideValidity, type Validity } from './validity.ts';

/** Asks every lint; empty when the bytes may be signed. */
export type LintCertificate = (tbs: Uint8Array, context: LintContext) => readonly string[];

export interface PrepareDeps {
  readonly identifiers: readonly CertifiableIdentifier[];
  readonly lint: LintCertificate;
}

/** Bytes that passed the lints. */
export interface PreparedCertificate extends Validity {
  readonly tbs: Uint8Array;
}

/** Why these names and dates cannot be certified under the profile, as a sentence; `undefined` when they can. */
export function refusalOf(
  request: Pick<IssuanceRequest, 'identifiers' | 'notBefore' | 'notAfter'>,
  profile: CertificateProfile,
  issuer: Issuer,
  now: Instant,
  kinds: readonly CertifiableIdentifier[],
): string | undefined {
  const names = generalNames(request.identifiers, profile, kinds);
  if (!names.ok) return names.error;
  const validity = decideValidity(request, profile, issuer.certificate, now);
  return validity.ok ? undefined : validity.error;
}

/** Builds and lints a certificate for `request` with this serial number. */
export function prepareCertificate(
  request: IssuanceRequest,
  { profile, sharedExtensions }: PreparedProfile,
  issuer: Issuer,
  serial: Uint8Array,
  now: Instant,
  deps: PrepareDeps,
): Result<PreparedCertificate, IssuanceFault> {
  const publicKey = parsePublicKeyShape(request.publicKeyInfo);
  if (!publicKey.ok) return refused(`The public key cannot be certified: ${publicKey.error.detail}.`);
  const shared = sharedExtensions(publicKey.value.kind);
  if (shared === undefined) return refused(`Profile ${profile.name} does not certify ${publicKey.value.kind} keys.`);
  const names = generalNames(request.identifiers, profile, deps.identifiers);
  if (!names.ok) return refused(names.error);
  const validity = decideValidity(request, profile, issuer.certificate, now);
  if (!validity.ok) return refused(validity.error);
  const subject = subjectFor(names.value, profile);
  const tbs = buildTbsCertificate({
    serial,
    algorithm: issuer.signer.algorithm,
    issuer: issuer.certificate.subject,
    subject,
    ...validity.value,
    publicKeyInfo: request.publicKeyInfo,
    extensions: leafExtensions(shared, profile, issuer, names.value, subject, request.publicKeyInfo),
  });
  const findings = deps.lint(tbs, {
    now,
    intended: { kind: 'leaf', profile, names: names.value },
    publicKey: publicKey.value,
    issuer: {
      subjectDer: issuer.certificate.subjectDer,
      keyIdentifier: issuer.keyIdentifier,
      algorithmDer: issuer.algorithmDer,
      notAfter: issuer.certificate.notAfter,
    },
  });
  return findings.length > 0 ? fail({ kind: 'lint', findings }) : ok({ tbs, ...validity.value });
}

function leafExtensions(
  shared: readonly Extension[],
  profile: CertificateProfile,
  issuer: Issuer,
  names: readonly GeneralName[],
  subject: Name,
  publicKeyInfo: Uint8Array,
): readonly Extension[] {
  const extensions = [...shared];
  if (profile.subjectKeyIdentifier) extensions.push(encodeSubjectKeyIdentifier(keyIdentifier(publicKeyInfo)));
  extensions.push(issuer.authorityKeyIdentifier);
  if (profile.authorityInfoAccess) extensions.push(issuer.authorityInfoAccess);
  extensions.push(encodeSubjectAltName(names, subject.length === 0));
  if (profile.crlDistributionPoint) extensions.push(issuer.crlDistributionPoints);
  return extensions;
}

function generalNames(
  identifiers: readonly AcmeIdentifier[],
  profile: CertificateProfile,
  kinds: readonly CertifiableIdentifier[],
): Result<readonly GeneralName[], string> {
  const names: GeneralName[] = [];
  for (const { type, value } of identifiers) {
    const kind = profile.identifierTypes.includes(type) ? kinds.find((one) => one.type === type) : undefined;
    if (kind === undefined) return fail(`Profile ${profile.name} does not certify identifiers of type ${type}.`);
    const name = kind.toGeneralName(value);
    if (name === undefined) return fail(`"${value}" is not an identifier of type ${type}.`);
    names.push(name);
  }
  return names.length > 0 ? ok(names) : fail('A certificate needs at least one identifier.');
}

function subjectFor(names: readonly GeneralName[], profile: CertificateProfile): Name {
  const first = profile.commonName === 'first-dns' ? names.find((name) => name.type === 'dns') : undefined;
  return first?.type === 'dns' && first.value.length <= 64 ? commonName(first.value) : [];
}

function refused(detail: string): { readonly ok: false; readonly error: IssuanceFault } {
  return fail({ kind: 'refused', detail });
}
