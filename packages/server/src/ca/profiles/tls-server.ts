/**
 * `tls-server`: TLS servers of every age, 90 days.
 * @spec RFC 5280 §4.2
 */
import { oid } from '@tegata/core/codec/oid';
import { day, hour } from '@tegata/core/time/duration';
import type { CertificateProfile } from './profile.ts';

export const tlsServer: CertificateProfile = {
  name: 'tls-server',
  description: 'TLS servers: 90 days, revocable by CRL.',
  validity: 90 * day,
  backdate: hour,
  identifierTypes: ['dns', 'ip'],
  keyUsage: {
    EC: ['digitalSignature'],
    // Key encipherment serves clients that still do RSA key exchange.
    RSA: ['digitalSignature', 'keyEncipherment'],
    Ed25519: ['digitalSignature'],
  },
  extKeyUsage: [oid.serverAuth],
  commonName: 'first-dns',
  subjectKeyIdentifier: true,
  crlDistributionPoint: true,
  authorityInfoAccess: true,
};
