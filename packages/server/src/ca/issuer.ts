/**
 * A certificate authority that can sign, with everything prepared that all its certificates share.
 * @spec RFC 5280 §4.1.2.4
 */

import { oid } from '@tegata/core/codec/oid';
import { encodePem } from '@tegata/core/codec/pem';
import type { Signer } from '@tegata/core/jose/signer';
import type { Instant } from '@tegata/core/time/clock';
import { signatureAlgorithm } from '@tegata/core/x509/algorithm-identifier';
import { type Certificate, parseCertificate } from '@tegata/core/x509/certificate';
import { type Extension, findExtension } from '@tegata/core/x509/extension';
import { encodeAuthorityInfoAccess } from '@tegata/core/x509/extensions/authority-info-access';
import { encodeAuthorityKeyIdentifier } from '@tegata/core/x509/extensions/authority-key-identifier';
import { encodeCrlDistributionPoints } from '@tegata/core/x509/extensions/crl-distribution-points';
import { parseSubjectKeyIdentifier } from '@tegata/core/x509/extensions/subject-key-identifier';
import { keyIdentifier } from '@tegata/core/x509/thumbprint';
import type { VaultKey } from '../ports/key-vault.ts';
import type { CaUrls } from './urls.ts';

export interface Issuer {
  readonly keyId: string;
  readonly signer: Signer;
  /** Issues from here on. */
  readonly activeFrom: Instant;
  readonly certificate: Certificate;
  readonly pem: string;
  /** The subjectKeyIdentifier of its certificate. */
  readonly keyIdentifier: Uint8Array;
  /** DER of the AlgorithmIdentifier that it signs with. */
  readonly algorithmDer: Uint8Array;
  /** Extensions that are the same in everything it issues. */
  readonly authorityKeyIdentifier: Extension;
  readonly crlDistributionPoints: Extension;
  readonly authorityInfoAccess: Extension;
}

/** @throws when the stored key has no readable certificate: the store is damaged */
export function createIssuer(key: VaultKey, urls: CaUrls): Issuer {
  const { keyId, certificate: der } = key.record;
  const certificate = der === undefined ? undefined : parseCertificate(der);
  if (der === undefined || certificate?.ok !== true) {
    throw new Error(
      `the certificate of CA key ${keyId} in the store is missing or damaged; restore the store from your backup`,
    );
  }
  const identifier = subjectKeyIdentifier(certificate.value) ?? keyIdentifier(key.publicKeyInfo);
  return {
    keyId,
    signer: key.signer,
    activeFrom: key.record.activeFrom,
    certificate: certificate.value,
    pem: encodePem('CERTIFICATE', der),
    keyIdentifier: identifier,
    algorithmDer: signatureAlgorithm(key.signer.algorithm).der,
    authorityKeyIdentifier: encodeAuthorityKeyIdentifier(identifier),
    crlDistributionPoints: encodeCrlDistributionPoints([urls.crl(keyId)]),
    authorityInfoAccess: encodeAuthorityInfoAccess({ ocsp: [], caIssuers: [urls.certificate(keyId)] }),
  };
}

/** The time that a certificate of this issuer counts from: a clock that shows a time before the issuer existed is wrong. */
export function issuingTime(issuer: Issuer, now: Instant): Instant {
  return Math.max(now, issuer.certificate.notBefore);
}

function subjectKeyIdentifier({ extensions }: Certificate): Uint8Array | undefined {
  const extension = findExtension(extensions, oid.subjectKeyIdentifier);
  const parsed = extension === undefined ? undefined : parseSubjectKeyIdentifier(extension.value);
  return parsed?.ok === true ? parsed.value : undefined;
}
