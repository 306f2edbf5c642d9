/**
 * A certificate as the lints see it: read back from the very bytes that will be signed, beside what was meant.
 * @spec CABF-BR §4.3.1.2
 */
import type { DerFault } from '@tegata/core/codec/der-reader';
import { oid } from '@tegata/core/codec/oid';
import { fail, ok, type Result } from '@tegata/core/result';
import type { Instant } from '@tegata/core/time/clock';
import { parseTbsCertificate, type TbsCertificate } from '@tegata/core/x509/certificate';
import type { Extension } from '@tegata/core/x509/extension';
import { type AuthorityInfoAccess, parseAuthorityInfoAccess } from '@tegata/core/x509/extensions/authority-info-access';
import { parseAuthorityKeyIdentifier } from '@tegata/core/x509/extensions/authority-key-identifier';
import { type BasicConstraints, parseBasicConstraints } from '@tegata/core/x509/extensions/basic-constraints';
import { parseCrlDistributionPoints } from '@tegata/core/x509/extensions/crl-distribution-points';
import { parseExtKeyUsage } from '@tegata/core/x509/extensions/ext-key-usage';
import { type KeyUsage, parseKeyUsage } from '@tegata/core/x509/extensions/key-usage';
import { parseSubjectAltName } from '@tegata/core/x509/extensions/subject-alt-name';
import { parseSubjectKeyIdentifier } from '@tegata/core/x509/extensions/subject-key-identifier';
import type { GeneralName } from '@tegata/core/x509/general-name';
import type { PublicKeyShape } from '@tegata/core/x509/public-key';
import type { CertificateProfile } from '../profiles/profile.ts';

/** What the certificate is meant to be. */
export type Intended =
  | { readonly kind: 'leaf'; readonly profile: CertificateProfile; readonly names: readonly GeneralName[] }
  | { readonly kind: 'root' | 'issuing'; readonly validity: number };

/** Facts about the certificate that do not come from its bytes. */
export interface LintContext {
  readonly now: Instant;
  readonly intended: Intended;
  readonly publicKey: PublicKeyShape;
  /** Who will sign it: itself, for a root. */
  readonly issuer: {
    /** DER of its subject. */
    readonly subjectDer: Uint8Array;
    readonly keyIdentifier: Uint8Array;
    readonly algorithmDer: Uint8Array;
    readonly notAfter: Instant;
  };
}

/** Extensions that are there, read. */
export interface ReadExtensions {
  readonly subjectAltName?: readonly GeneralName[];
  readonly keyUsage?: readonly KeyUsage[];
  readonly extKeyUsage?: readonly string[];
  readonly basicConstraints?: BasicConstraints;
  /** `keyId` is missing when the extension names issuer and serial number only. */
  readonly authorityKeyIdentifier?: { readonly keyId?: Uint8Array };
  readonly subjectKeyIdentifier?: Uint8Array;
  readonly crlDistributionPoints?: readonly string[];
  readonly authorityInfoAccess?: AuthorityInfoAccess;
}

export interface LintSubject extends LintContext {
  readonly certificate: TbsCertificate;
  readonly extensions: ReadExtensions;
  /** Whether the extension is there and marked critical. */
  isCritical(extension: string): boolean;
}

/** Reads the bytes; what our own strict reader refuses (bad DER, bad dates, an extension twice) is a finding already. */
export function readLintSubject(tbs: Uint8Array, context: LintContext): Result<LintSubject, string> {
  const certificate = parseTbsCertificate(tbs);
  if (!certificate.ok) return fail(certificate.error.detail);
  const extensions: { -readonly [K in keyof ReadExtensions]: ReadExtensions[K] } = {};
  for (const extension of certificate.value.extensions) {
    const fault = readInto(extensions, extension);
    if (fault !== undefined) return fail(`extension ${extension.oid}: ${fault.detail}`);
  }
  const critical = new Set(certificate.value.extensions.filter((one) => one.critical).map((one) => one.oid));
  return ok({
    ...context,
    certificate: certificate.value,
    extensions,
    isCritical: (extension) => critical.has(extension),
  });
}

function readInto(
  target: { -readonly [K in keyof ReadExtensions]: ReadExtensions[K] },
  { oid: id, value }: Extension,
): DerFault | undefined {
  const keep = <T>(parsed: Result<T, DerFault>, set: (value: T) => void): DerFault | undefined => {
    if (!parsed.ok) return parsed.error;
    set(parsed.value);
    return undefined;
  };
  switch (id) {
    case oid.subjectAltName:
      return keep(parseSubjectAltName(value), (names) => Object.assign(target, { subjectAltName: names }));
    case oid.keyUsage:
      return keep(parseKeyUsage(value), (usages) => Object.assign(target, { keyUsage: usages }));
    case oid.extKeyUsage:
      return keep(parseExtKeyUsage(value), (purposes) => Object.assign(target, { extKeyUsage: purposes }));
    case oid.basicConstraints:
      return keep(parseBasicConstraints(value), (constraints) =>
        Object.assign(target, { basicConstraints: constraints }),
      );
    case oid.authorityKeyIdentifier:
      return keep(parseAuthorityKeyIdentifier(value), (keyId) =>
        Object.assign(target, { authorityKeyIdentifier: keyId === undefined ? {} : { keyId } }),
      );
    case oid.subjectKeyIdentifier:
      return keep(parseSubjectKeyIdentifier(value), (keyId) => Object.assign(target, { subjectKeyIdentifier: keyId }));
    case oid.crlDistributionPoints:
      return keep(parseCrlDistributionPoints(value), (urls) => Object.assign(target, { crlDistributionPoints: urls }));
    case oid.authorityInfoAccess:
      return keep(parseAuthorityInfoAccess(value), (access) => Object.assign(target, { authorityInfoAccess: access }));
    default:
      return undefined;
  }
}
