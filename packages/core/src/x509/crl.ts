/**
 * Certificate revocation lists: built, assembled and read. Complete and direct ones only.
 * @spec RFC 5280 §5.1
 */
import { type DerFault, DerReader } from '../codec/der-reader.ts';
import { constructedTag, tag } from '../codec/der-tag.ts';
import { DerWriter } from '../codec/der-writer.ts';
import { oid } from '../codec/oid.ts';
import type { SignerAlgorithm } from '../jose/signer.ts';
import type { Result } from '../result.ts';
import type { Instant } from '../time/clock.ts';
import { findSignatureAlgorithm, isSame, signatureAlgorithm } from './algorithm-identifier.ts';
import { type Extension, findExtension, readExtensions, writeExtensions } from './extension.ts';
import { encodeCrlReason, parseCrlReason } from './extensions/crl-reason.ts';
import { type Name, readName, writeName } from './name.ts';
import type { PublicKeyInfo } from './public-key.ts';
import { readSerial } from './serial.ts';
import { assembleSigned, readSignature, type Signed, verifySigned } from './signature.ts';
import { readTime, writeTime } from './time.ts';

export interface RevokedCertificate {
  /** Big-endian, without sign octet. */
  readonly serial: Uint8Array;
  readonly revokedAt: Instant;
  /** CRLReason; left out, or 0, when unspecified. */
  readonly reason?: number;
}

export interface TbsCertificateListInput {
  /** The issuer's signature algorithm. */
  readonly algorithm: SignerAlgorithm;
  readonly issuer: Name;
  readonly thisUpdate: Instant;
  readonly nextUpdate: Instant;
  readonly revoked: readonly RevokedCertificate[];
  /** authorityKeyIdentifier and cRLNumber at least (RFC 5280 section 5.2). */
  readonly extensions: readonly Extension[];
}

export interface CertificateList extends Signed {
  readonly der: Uint8Array;
  readonly issuer: Name;
  /** As encoded: compared octet by octet with the subject of the issuer's certificate. */
  readonly issuerDer: Uint8Array;
  readonly thisUpdate: Instant;
  readonly nextUpdate: Instant;
  readonly revoked: readonly RevokedCertificate[];
  readonly extensions: readonly Extension[];
}

const version2 = 1;
/** About 400,000 revoked certificates. */
const sizeLimit = 16 << 20;
const entryLimit = 1 << 20;

/** The octets to sign, in version 2. */
export function buildTbsCertificateList(input: TbsCertificateListInput): Uint8Array {
  const writer = new DerWriter(512 + 48 * input.revoked.length);
  const reasons = new Map<number, readonly Extension[]>();
  writer.sequence(() => {
    writer.smallInteger(version2).raw(signatureAlgorithm(input.algorithm).der);
    writeName(writer, input.issuer);
    writeTime(writer, input.thisUpdate);
    writeTime(writer, input.nextUpdate);
    // An empty list must be absent (section 5.1.2.6).
    if (input.revoked.length > 0) {
      writer.sequence(() => {
        for (const entry of input.revoked) writeEntry(writer, entry, reasons);
      });
    }
    writer.constructed(constructedTag(0), () => writeExtensions(writer, input.extensions));
  });
  return writer.finish();
}

/**
 * The CRL.
 * @param joseSignature the Signer's signature over `tbs`: ECDSA as r||s, which becomes DER here
 */
export function assembleCertificateList(
  tbs: Uint8Array,
  algorithm: SignerAlgorithm,
  joseSignature: Uint8Array,
): Uint8Array {
  return assembleSigned(tbs, algorithm, joseSignature);
}

/** Reads a version 2 CRL of at most 16 MiB. Nothing is verified; critical extensions, which change what a CRL covers, are refused as unsupported. */
export function parseCertificateList(der: Uint8Array): Result<CertificateList, DerFault> {
  const reader = new DerReader(der, sizeLimit);
  const list = reader.sequence((): CertificateList => {
    const start = reader.position;
    const { algorithm: inner, ...fields } = reader.sequence(() => readTbsCertificateList(reader));
    const tbs = reader.since(start);
    const { algorithm, signature } = readSignature(reader);
    if (!isSame(algorithm, inner)) {
      reader.refuse('malformed', 'signature algorithm differs inside and outside the signed part');
    }
    return { der, tbs, ...fields, signatureAlgorithm: findSignatureAlgorithm(algorithm), signature };
  });
  return reader.finish(list);
}

/** Whether `issuerKey` signed the CRL. */
export function verifyCertificateListSignature(list: CertificateList, issuerKey: PublicKeyInfo): boolean {
  return verifySigned(list, issuerKey);
}

function writeEntry(writer: DerWriter, entry: RevokedCertificate, reasons: Map<number, readonly Extension[]>): void {
  const { serial, revokedAt, reason = 0 } = entry;
  writer.sequence(() => {
    writer.unsignedInteger(serial);
    writeTime(writer, revokedAt);
    // Unspecified is said by silence (section 5.3.1).
    if (reason === 0) return;
    const extensions = reasons.get(reason) ?? [encodeCrlReason(reason)];
    reasons.set(reason, extensions);
    writeExtensions(writer, extensions);
  });
}

function readTbsCertificateList(reader: DerReader) {
  if (reader.smallInteger() !== version2) reader.refuse('unsupported', 'only CRLs of version 2 are supported');
  const algorithm = reader.element();
  const start = reader.position;
  const issuer = readName(reader);
  const issuerDer = reader.since(start);
  const thisUpdate = readTime(reader);
  const nextUpdate = readTime(reader);
  const revoked = reader.next(tag.sequence) ? readEntries(reader) : [];
  const extensions = reader.constructed(constructedTag(0), () => readExtensions(reader));
  refuseCritical(reader, extensions);
  return { algorithm, issuer, issuerDer, thisUpdate, nextUpdate, revoked, extensions };
}

function readEntries(reader: DerReader): readonly RevokedCertificate[] {
  const entries = reader.sequenceOf(entryLimit, () => reader.sequence(() => readEntry(reader)));
  if (entries.length === 0) reader.refuse('malformed', 'empty list of revoked certificates');
  return entries;
}

function readEntry(reader: DerReader): RevokedCertificate {
  const serial = readSerial(reader);
  const revokedAt = readTime(reader);
  if (!reader.more) return { serial, revokedAt };
  const extensions = readExtensions(reader);
  refuseCritical(reader, extensions);
  const extension = findExtension(extensions, oid.reasonCode);
  if (extension === undefined) return { serial, revokedAt };
  const reason = parseCrlReason(extension.value);
  if (!reason.ok) reader.refuse(reason.error.code, reason.error.detail);
  return { serial, revokedAt, reason: reason.ok ? reason.value : 0 };
}

function refuseCritical(reader: DerReader, extensions: readonly Extension[]): void {
  const critical = extensions.find((extension) => extension.critical);
  if (critical !== undefined) reader.refuse('unsupported', `critical CRL extension ${critical.oid} is not supported`);
}
