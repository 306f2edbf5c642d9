/**
 * `tls-server-short`: TLS servers that renew every few days, 6 days.
 *
 * It expires before a CRL that a client may have cached (7 days) would, so a pointer to the CRL would add bytes and no
 * safety; a certificate that is revoked all the same is listed like any other.
 * @spec RFC 5280 §4.2
 */
import { oid } from '@tegata/core/codec/oid';
import { day, hour } from '@tegata/core/time/duration';
import type { CertificateProfile } from './profile.ts';

export const tlsServerShort: CertificateProfile = {
  name: 'tls-server-short',
  description: 'TLS servers that renew often: 6 days, which makes revocation unnecessary.',
  validity: 6 * day,
  backdate: hour,
  identifierTypes: ['dns', 'ip'],
  keyUsage: { EC: ['digitalSignature'], RSA: ['digitalSignature'], Ed25519: ['digitalSignature'] },
  extKeyUsage: [oid.serverAuth],
  commonName: 'none',
  subjectKeyIdentifier: false,
  crlDistributionPoint: false,
  authorityInfoAccess: true,
};
