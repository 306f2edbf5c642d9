/**
 * X.509 certificates, read.
 * @spec RFC 5280 §4.1
 */
import { type DerFault, DerReader } from '../codec/der-reader.ts';
import { constructedTag, contextTag } from '../codec/der-tag.ts';
import type { Result } from '../result.ts';
import type { Instant } from '../time/clock.ts';
import { findSignatureAlgorithm, isSame } from './algorithm-identifier.ts';
import { type Extension, readExtensions } from './extension.ts';
import { type Name, readName } from './name.ts';
import type { PublicKeyInfo } from './public-key.ts';
import { readSerial } from './serial.ts';
import { readSignature, type Signed, verifySigned } from './signature.ts';
import { readTime } from './time.ts';

/** The part that is signed. */
export interface TbsCertificate {
  /** 1, 2 or 3. */
  readonly version: number;
  /** Big-endian, without sign octet: what `buildTbsCertificate` was given. */
  readonly serial: Uint8Array;
  /** DER of the AlgorithmIdentifier. */
  readonly algorithm: Uint8Array;
  readonly issuer: Name;
  /** As encoded: names of issuer and subject in a path are compared octet by octet. */
  readonly issuerDer: Uint8Array;
  readonly notBefore: Instant;
  /** The last second in which the certificate is valid. */
  readonly notAfter: Instant;
  readonly subject: Name;
  readonly subjectDer: Uint8Array;
  /** DER, not looked into: see `parsePublicKeyInfo`. */
  readonly publicKeyInfo: Uint8Array;
  readonly extensions: readonly Extension[];
}

export interface Certificate extends TbsCertificate, Signed {
  readonly der: Uint8Array;
}

/** Reads a certificate of at most 64 KiB. Nothing is verified, and extensions are only told apart. */
export function parseCertificate(der: Uint8Array): Result<Certificate, DerFault> {
  const reader = new DerReader(der);
  const certificate = reader.sequence((): Certificate => {
    const start = reader.position;
    const fields = readTbsCertificate(reader);
    const tbs = reader.since(start);
    const { algorithm, signature } = readSignature(reader);
    if (!isSame(algorithm, fields.algorithm)) {
      reader.refuse('malformed', 'signature algorithm differs inside and outside the signed part');
    }
    return { der, tbs, ...fields, signatureAlgorithm: findSignatureAlgorithm(algorithm), signature };
  });
  return reader.finish(certificate);
}

/** Reads the part to be signed alone: so that it can be inspected before it is signed. */
export function parseTbsCertificate(der: Uint8Array): Result<TbsCertificate, DerFault> {
  const reader = new DerReader(der);
  return reader.finish(readTbsCertificate(reader));
}

/** Whether `issuerKey` signed the certificate. */
export function verifyCertificateSignature(certificate: Certificate, issuerKey: PublicKeyInfo): boolean {
  return verifySigned(certificate, issuerKey);
}

function readTbsCertificate(reader: DerReader): TbsCertificate {
  return reader.sequence(() => {
    const version = readVersion(reader);
    const serial = readSerial(reader);
    const algorithm = reader.element();
    const issuer = readNameWithDer(reader);
    const [notBefore, notAfter] = reader.sequence(() => [readTime(reader), readTime(reader)] as const);
    const subject = readNameWithDer(reader);
    const publicKeyInfo = reader.element();
    if (version > 1) skipUniqueIdentifiers(reader);
    const extensions = version === 3 ? readOptionalExtensions(reader) : [];
    return {
      version,
      serial,
      algorithm,
      issuer: issuer.name,
      issuerDer: issuer.der,
      notBefore,
      notAfter,
      subject: subject.name,
      subjectDer: subject.der,
      publicKeyInfo,
      extensions,
    };
  });
}

function readVersion(reader: DerReader): number {
  if (!reader.next(constructedTag(0))) return 1;
  const version = reader.constructed(constructedTag(0), () => reader.smallInteger()) + 1;
  if (version === 1) reader.refuse('malformed', 'default version 1 is written out');
  if (version > 3) reader.refuse('unsupported', `certificates of version ${version} are not supported`);
  return version;
}

function readNameWithDer(reader: DerReader): { readonly name: Name; readonly der: Uint8Array } {
  const start = reader.position;
  const name = readName(reader);
  return { name, der: reader.since(start) };
}

/** issuerUniqueID and subjectUniqueID, which nobody should write and nobody reads. */
function skipUniqueIdentifiers(reader: DerReader): void {
  for (const number of [1, 2]) if (reader.next(contextTag(number))) reader.content(contextTag(number));
}

function readOptionalExtensions(reader: DerReader): readonly Extension[] {
  if (!reader.more) return [];
  return reader.constructed(constructedTag(3), () => readExtensions(reader));
}
