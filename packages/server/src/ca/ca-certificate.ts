/**
 * Certificates of the CAs themselves.
 * @spec RFC 5280 §4.2.1
 * @spec RFC 5280 §3.2
 */
import { oid } from '@tegata/core/codec/oid';
import type { Random } from '@tegata/core/random';
import { unwrap } from '@tegata/core/result';
import type { Clock, Instant } from '@tegata/core/time/clock';
import { day, hour, second } from '@tegata/core/time/duration';
import { isSame, signatureAlgorithm } from '@tegata/core/x509/algorithm-identifier';
import { type Extension, findExtension } from '@tegata/core/x509/extension';
import { encodeBasicConstraints } from '@tegata/core/x509/extensions/basic-constraints';
import { encodeKeyUsage } from '@tegata/core/x509/extensions/key-usage';
import { encodeSubjectKeyIdentifier } from '@tegata/core/x509/extensions/subject-key-identifier';
import { encodeName, type Name, nameAttribute } from '@tegata/core/x509/name';
import { parsePublicKeyShape } from '@tegata/core/x509/public-key';
import { assembleCertificate, buildTbsCertificate, type TbsCertificateInput } from '@tegata/core/x509/tbs-certificate';
import { keyIdentifier } from '@tegata/core/x509/thumbprint';
import type { VaultKey } from '../ports/key-vault.ts';
import { type Issuer, issuingTime } from './issuer.ts';
import type { LintContext } from './lints/lint-subject.ts';
import { lintCertificate } from './lints/registry.ts';
import { createSerial } from './serial.ts';
import type { Validity } from './validity.ts';

export interface CaCertificateDeps {
  readonly clock: Clock;
  readonly random: Random;
}

/** 20 years, leap days included. */
const rootValidity = 7305 * day;
/** 10 years. */
const issuingValidity = 3653 * day;
/** As for leaves: none may be valid before its issuer is. */
const backdate = hour;
const suffixAlphabet = '23456789ABCDEFGHJKMNPQRSTVWXYZ';

/** A self-signed certificate for a new root key. */
export function createRootCertificate(key: VaultKey, deps: CaCertificateDeps): Promise<Uint8Array> {
  const subject = caName('Root CA', deps.random);
  const identifier = keyIdentifier(key.publicKeyInfo);
  const validity = validityFrom(deps.clock.now(), rootValidity, Number.POSITIVE_INFINITY);
  const extensions = [...caExtensions({ ca: true }), encodeSubjectKeyIdentifier(identifier)];
  return signLinted(
    key,
    { ...common(key, deps.random), algorithm: key.signer.algorithm, issuer: subject, subject, ...validity, extensions },
    key.signer,
    {
      now: deps.clock.now(),
      intended: { kind: 'root', validity: rootValidity },
      issuer: {
        subjectDer: encodeName(subject),
        keyIdentifier: identifier,
        algorithmDer: signatureAlgorithm(key.signer.algorithm).der,
        notAfter: validity.notAfter,
      },
    },
  );
}

/**
 * A certificate of `root` for an issuing CA's key, which may issue leaves only.
 * @param previous when the CA is certified again: its name stays, and so does its end
 */
export function createIssuingCertificate(
  key: VaultKey,
  root: Issuer,
  deps: CaCertificateDeps,
  previous?: { readonly subject: Name; readonly notAfter: Instant },
): Promise<Uint8Array> {
  const now = issuingTime(root, deps.clock.now());
  const end = Math.min(root.certificate.notAfter, previous?.notAfter ?? Number.POSITIVE_INFINITY);
  const { notBefore, notAfter } = validityFrom(now, issuingValidity, end);
  return signLinted(
    key,
    {
      ...common(key, deps.random),
      algorithm: root.signer.algorithm,
      issuer: root.certificate.subject,
      subject: previous?.subject ?? caName('Issuing CA', deps.random),
      notBefore: Math.max(notBefore, root.certificate.notBefore),
      notAfter,
      extensions: [
        ...caExtensions({ ca: true, pathLength: 0 }),
        encodeSubjectKeyIdentifier(keyIdentifier(key.publicKeyInfo)),
        root.authorityKeyIdentifier,
        root.authorityInfoAccess,
        root.crlDistributionPoints,
      ],
    },
    root.signer,
    {
      now,
      intended: { kind: 'issuing', validity: issuingValidity },
      issuer: {
        subjectDer: root.certificate.subjectDer,
        keyIdentifier: root.keyIdentifier,
        algorithmDer: root.algorithmDer,
        notAfter: root.certificate.notAfter,
      },
    },
  );
}

/** Whether the CA's certificate says where the root's CRL and certificate are today. */
export function hasCurrentPointers(issuer: Issuer, root: Issuer): boolean {
  return [root.crlDistributionPoints, root.authorityInfoAccess].every((wanted) => {
    const found = findExtension(issuer.certificate.extensions, wanted.oid);
    return found !== undefined && isSame(found.value, wanted.value);
  });
}

async function signLinted(
  key: VaultKey,
  input: TbsCertificateInput,
  signer: VaultKey['signer'],
  context: Omit<LintContext, 'publicKey'>,
): Promise<Uint8Array> {
  const tbs = buildTbsCertificate(input);
  const publicKey = unwrap(parsePublicKeyShape(key.publicKeyInfo));
  const findings = lintCertificate(tbs, { ...context, publicKey });
  if (findings.length > 0) throw new Error(`a CA certificate failed its lints: ${findings.join('; ')}`);
  return assembleCertificate(tbs, signer.algorithm, await signer.sign(tbs));
}

function common(key: VaultKey, random: Random): Pick<TbsCertificateInput, 'serial' | 'publicKeyInfo'> {
  return { serial: createSerial(random), publicKeyInfo: key.publicKeyInfo };
}

function caExtensions(constraints: Parameters<typeof encodeBasicConstraints>[0]): readonly Extension[] {
  return [encodeBasicConstraints(constraints), encodeKeyUsage(['keyCertSign', 'cRLSign'])];
}

function validityFrom(now: Instant, period: number, end: Instant): Validity {
  const notBefore = Math.floor((now - backdate) / second) * second;
  return { notBefore, notAfter: Math.min(notBefore + period - second, end) };
}

/** Six random characters, none easily mistaken for another, tell one installation's CA from the next. */
function caName(role: string, random: Random): Name {
  const suffix = [...random.bytes(6)].map((octet) => suffixAlphabet[octet % suffixAlphabet.length]).join('');
  return [[nameAttribute(oid.organizationName, 'Tegata')], [nameAttribute(oid.commonName, `Tegata ${role} ${suffix}`)]];
}
