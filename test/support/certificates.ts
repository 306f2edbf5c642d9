/** A certification authority in memory, for tests that need certificates and CRLs. */
import { generateKeyPairSync } from 'node:crypto';
import { oid } from '@tegata/core/codec/oid';
import { exportPublicKeyInfo, type KeyObject, signNow } from '@tegata/core/crypto';
import type { SignerAlgorithm } from '@tegata/core/jose/signer';
import { unwrap } from '@tegata/core/result';
import type { Instant } from '@tegata/core/time/clock';
import { day } from '@tegata/core/time/duration';
import { signatureAlgorithm } from '@tegata/core/x509/algorithm-identifier';
import { assembleCertificateList, buildTbsCertificateList, type RevokedCertificate } from '@tegata/core/x509/crl';
import type { Extension } from '@tegata/core/x509/extension';
import { encodeAuthorityInfoAccess } from '@tegata/core/x509/extensions/authority-info-access';
import { encodeAuthorityKeyIdentifier } from '@tegata/core/x509/extensions/authority-key-identifier';
import { encodeBasicConstraints } from '@tegata/core/x509/extensions/basic-constraints';
import { encodeCertificatePolicies } from '@tegata/core/x509/extensions/certificate-policies';
import { encodeCrlDistributionPoints } from '@tegata/core/x509/extensions/crl-distribution-points';
import { encodeCrlNumber } from '@tegata/core/x509/extensions/crl-number';
import { encodeExtKeyUsage } from '@tegata/core/x509/extensions/ext-key-usage';
import { encodeKeyUsage } from '@tegata/core/x509/extensions/key-usage';
import { encodeSubjectAltName } from '@tegata/core/x509/extensions/subject-alt-name';
import { encodeSubjectKeyIdentifier } from '@tegata/core/x509/extensions/subject-key-identifier';
import type { GeneralName } from '@tegata/core/x509/general-name';
import { type Name, nameAttribute } from '@tegata/core/x509/name';
import { type PublicKeyInfo, parsePublicKeyInfo } from '@tegata/core/x509/public-key';
import { assembleCertificate, buildTbsCertificate } from '@tegata/core/x509/tbs-certificate';
import { keyIdentifier } from '@tegata/core/x509/thumbprint';

export interface TestAuthority {
  readonly algorithm: SignerAlgorithm;
  readonly name: Name;
  readonly key: PublicKeyInfo;
  /** The self-signed root. */
  readonly certificate: Uint8Array;
  /** A signature as a Signer makes it. */
  sign(tbs: Uint8Array): Uint8Array;
  /** A certificate for a TLS server, valid for a day from now. */
  issue(input: {
    publicKeyInfo: Uint8Array;
    names: readonly GeneralName[];
    subject?: Name;
    serial?: Uint8Array;
  }): Uint8Array;
  /** A CRL, current for a day. */
  revoke(revoked: readonly RevokedCertificate[], number?: number): Uint8Array;
}

/** A new key pair of the kind that the algorithm needs. */
export function generateKeys(algorithm: SignerAlgorithm | 'ES512'): { privateKey: KeyObject; publicKey: KeyObject } {
  switch (algorithm) {
    case 'ES256':
      return generateKeyPairSync('ec', { namedCurve: 'P-256' });
    case 'ES384':
      return generateKeyPairSync('ec', { namedCurve: 'P-384' });
    case 'ES512':
      return generateKeyPairSync('ec', { namedCurve: 'P-521' });
    case 'Ed25519':
    case 'EdDSA':
      return generateKeyPairSync('ed25519');
    default:
      return generateKeyPairSync('rsa', { modulusLength: 2048 });
  }
}

export function createTestAuthority(algorithm: SignerAlgorithm, now: Instant): TestAuthority {
  const { privateKey } = generateKeys(algorithm);
  const key = unwrap(parsePublicKeyInfo(exportPublicKeyInfo(privateKey)));
  const keyId = keyIdentifier(key.der);
  const name: Name = [
    [nameAttribute(oid.countryName, 'JP')],
    [nameAttribute(oid.organizationName, 'Prüfstelle 認証局')],
    [nameAttribute(oid.commonName, 'Test Root')],
  ];
  const sign = (tbs: Uint8Array) => signNow(signatureAlgorithm(algorithm), privateKey, tbs);
  const certify = (
    serial: Uint8Array,
    subject: Name,
    publicKeyInfo: Uint8Array,
    days: number,
    extensions: Extension[],
  ) => {
    const validity = { notBefore: now, notAfter: now + days * day };
    const tbs = buildTbsCertificate({
      serial,
      algorithm,
      issuer: name,
      subject,
      ...validity,
      publicKeyInfo,
      extensions,
    });
    return assembleCertificate(tbs, algorithm, sign(tbs));
  };
  return {
    algorithm,
    name,
    key,
    sign,
    certificate: certify(Uint8Array.of(0xfe, 1), name, key.der, 36_500, [
      encodeBasicConstraints({ ca: true, pathLength: 0 }),
      encodeKeyUsage(['keyCertSign', 'cRLSign']),
      encodeSubjectKeyIdentifier(keyId),
    ]),
    issue: ({ publicKeyInfo, names, subject = [], serial = Uint8Array.of(0x7f, 2, 3) }) =>
      certify(serial, subject, publicKeyInfo, 1, [
        encodeKeyUsage(['digitalSignature']),
        encodeExtKeyUsage([oid.serverAuth]),
        encodeBasicConstraints({ ca: false }),
        encodeSubjectKeyIdentifier(keyIdentifier(publicKeyInfo)),
        encodeAuthorityKeyIdentifier(keyId),
        encodeSubjectAltName(names, subject.length === 0),
        encodeAuthorityInfoAccess({ ocsp: [], caIssuers: ['http://ca.test/root.crt'] }),
        encodeCrlDistributionPoints(['http://ca.test/root.crl']),
        encodeCertificatePolicies(['2.23.140.1.2.1']),
      ]),
    revoke: (revoked, number = 1) => {
      const extensions = [encodeAuthorityKeyIdentifier(keyId), encodeCrlNumber(number)];
      const times = { thisUpdate: now, nextUpdate: now + day };
      const tbs = buildTbsCertificateList({ algorithm, issuer: name, ...times, revoked, extensions });
      return assembleCertificateList(tbs, algorithm, sign(tbs));
    },
  };
}
