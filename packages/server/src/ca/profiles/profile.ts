/** Certificate profiles: everything about a certificate that is neither the requester's names nor key, as data. */
import type { KeyUsage } from '@tegata/core/x509/extensions/key-usage';
import type { PublicKeyInfo } from '@tegata/core/x509/public-key';

export type KeyKind = PublicKeyInfo['kind'];

export interface CertificateProfile {
  /** The name that clients ask for. */
  readonly name: string;
  /** One sentence for the people who choose. */
  readonly description: string;
  /** Whole validity period in milliseconds, the second of `notAfter` included. */
  readonly validity: number;
  /** How far before the moment of issue validity begins, for clients whose clock is slow; milliseconds. */
  readonly backdate: number;
  /** ACME identifier types that can be certified. */
  readonly identifierTypes: readonly string[];
  /** Key usages by the kind of the certified key; a kind that is missing is refused. */
  readonly keyUsage: Readonly<Partial<Record<KeyKind, readonly KeyUsage[]>>>;
  /** Object identifiers of extended key usages. */
  readonly extKeyUsage: readonly string[];
  /** `first-dns`: the first DNS name if it fits into 64 characters, otherwise an empty subject. */
  readonly commonName: 'first-dns' | 'none';
  readonly subjectKeyIdentifier: boolean;
  /** Whether certificates say where their issuer's CRL is. Only short-lived ones may do without. */
  readonly crlDistributionPoint: boolean;
  /** Whether certificates say where their issuer's certificate is. */
  readonly authorityInfoAccess: boolean;
}
