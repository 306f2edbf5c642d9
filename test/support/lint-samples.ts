/** Certificates for the tests of lints: good ones, and the same with one thing changed. */
import { generateKeyPairSync } from 'node:crypto';
import { oid } from '@tegata/core/codec/oid';
import { exportPublicKeyInfo } from '@tegata/core/crypto';
import { unwrap } from '@tegata/core/result';
import { day, hour, second } from '@tegata/core/time/duration';
import { signatureAlgorithm } from '@tegata/core/x509/algorithm-identifier';
import type { Extension } from '@tegata/core/x509/extension';
import { encodeAuthorityInfoAccess } from '@tegata/core/x509/extensions/authority-info-access';
import { encodeAuthorityKeyIdentifier } from '@tegata/core/x509/extensions/authority-key-identifier';
import { encodeBasicConstraints } from '@tegata/core/x509/extensions/basic-constraints';
import { encodeCrlDistributionPoints } from '@tegata/core/x509/extensions/crl-distribution-points';
import { encodeExtKeyUsage } from '@tegata/core/x509/extensions/ext-key-usage';
import { encodeKeyUsage } from '@tegata/core/x509/extensions/key-usage';
import { encodeSubjectAltName } from '@tegata/core/x509/extensions/subject-alt-name';
import { encodeSubjectKeyIdentifier } from '@tegata/core/x509/extensions/subject-key-identifier';
import type { GeneralName } from '@tegata/core/x509/general-name';
import { commonName, encodeName } from '@tegata/core/x509/name';
import { parsePublicKeyShape } from '@tegata/core/x509/public-key';
import { buildTbsCertificate, type TbsCertificateInput } from '@tegata/core/x509/tbs-certificate';
import { keyIdentifier } from '@tegata/core/x509/thumbprint';
import type { Lint } from '@tegata/server/ca/lints/lint';
import { type LintContext, type LintSubject, readLintSubject } from '@tegata/server/ca/lints/lint-subject';
import { tlsServer } from '@tegata/server/ca/profiles/tls-server';
import { testStart } from './ca.ts';

export interface SampleChange {
  readonly tbs?: Partial<TbsCertificateInput>;
  /** Object identifiers of extensions to leave out. */
  readonly without?: readonly string[];
  /** Extensions to add or to put in place of those with the same identifier. */
  readonly with?: readonly Extension[];
  /** Names in the certificate; those that were ordered stay. */
  readonly names?: readonly GeneralName[];
  readonly context?: Partial<LintContext>;
}

const keyInfo = (): Uint8Array => exportPublicKeyInfo(generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey);
const key = keyInfo();
const issuerKey = keyInfo();
const issuerName = commonName('Test Issuing CA');
const rootName = commonName('Test Root CA');
const start = testStart - hour;

/** A name of type `dns`. */
export function dnsName(value: string): GeneralName {
  return { type: 'dns', value };
}

/** The names that samples of leaves were ordered with. */
export const orderedNames: readonly GeneralName[] = [dnsName('a.example'), dnsName('www.a.example')];

/** What goes into a certificate of this kind, before it is built. */
export function sampleInput(kind: 'leaf' | 'issuing' | 'root', change: SampleChange = {}): TbsCertificateInput {
  const without = new Set([...(change.without ?? []), ...(change.with ?? []).map((extension) => extension.oid)]);
  const usual = kind === 'leaf' ? leafExtensions(change.names ?? orderedNames) : caExtensions(kind);
  return {
    serial: Uint8Array.from({ length: 16 }, (_, at) => 0x40 + at),
    algorithm: 'ES256',
    issuer: kind === 'leaf' ? issuerName : rootName,
    subject: { leaf: commonName('a.example'), issuing: issuerName, root: rootName }[kind],
    notBefore: start,
    notAfter: start + (kind === 'leaf' ? tlsServer.validity : 3000 * day) - second,
    publicKeyInfo: kind === 'root' ? issuerKey : key,
    extensions: [...usual.filter((extension) => !without.has(extension.oid)), ...(change.with ?? [])],
    ...change.tbs,
  };
}

/** Facts about the sample that do not come from its bytes. */
export function sampleContext(kind: 'leaf' | 'issuing' | 'root', change: SampleChange = {}): LintContext {
  return {
    now: testStart,
    intended: kind === 'leaf' ? { kind, profile: tlsServer, names: orderedNames } : { kind, validity: 3000 * day },
    publicKey: unwrap(parsePublicKeyShape(kind === 'root' ? issuerKey : key)),
    issuer: {
      subjectDer: encodeName(kind === 'leaf' ? issuerName : rootName),
      keyIdentifier: keyIdentifier(issuerKey),
      algorithmDer: signatureAlgorithm('ES256').der,
      notAfter: start + 3000 * day,
    },
    ...change.context,
  };
}

/** A sample as lints see it. */
export function sample(kind: 'leaf' | 'issuing' | 'root', change: SampleChange = {}): LintSubject {
  return unwrap(readLintSubject(buildTbsCertificate(sampleInput(kind, change)), sampleContext(kind, change)));
}

/** What the lint finds in a sample with this change. */
export function finding(lint: Lint, kind: 'leaf' | 'issuing' | 'root', change: SampleChange = {}): string | undefined {
  return lint.check(sample(kind, change));
}

function leafExtensions(names: readonly GeneralName[]): readonly Extension[] {
  return [
    encodeKeyUsage(['digitalSignature']),
    encodeExtKeyUsage([oid.serverAuth]),
    encodeBasicConstraints({ ca: false }),
    encodeSubjectKeyIdentifier(keyIdentifier(key)),
    encodeAuthorityKeyIdentifier(keyIdentifier(issuerKey)),
    encodeAuthorityInfoAccess({ ocsp: [], caIssuers: ['http://ca.example/ca/1.crt'] }),
    encodeSubjectAltName(names),
    encodeCrlDistributionPoints(['http://ca.example/crl/1.crl']),
  ];
}

function caExtensions(kind: 'issuing' | 'root'): readonly Extension[] {
  const shared = [
    encodeKeyUsage(['keyCertSign', 'cRLSign']),
    encodeSubjectKeyIdentifier(keyIdentifier(kind === 'root' ? issuerKey : key)),
  ];
  if (kind === 'root') return [encodeBasicConstraints({ ca: true }), ...shared];
  return [
    encodeBasicConstraints({ ca: true, pathLength: 0 }),
    ...shared,
    encodeAuthorityKeyIdentifier(keyIdentifier(issuerKey)),
    encodeCrlDistributionPoints(['http://ca.example/crl/0.crl']),
  ];
}
