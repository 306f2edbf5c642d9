/**
 * PKCS #10 certificate requests: reading, and proof that the requester holds the private key.
 * @spec RFC 2986 §4
 * @spec RFC 2985 §5.4.2
 */
import { type DerFault, DerReader } from '../codec/der-reader.ts';
import { constructedTag, tag } from '../codec/der-tag.ts';
import { oid } from '../codec/oid.ts';
import { ok, type Result } from '../result.ts';
import { findSignatureAlgorithm } from './algorithm-identifier.ts';
import { type Extension, findExtension, readExtensions } from './extension.ts';
import { parseSubjectAltName } from './extensions/subject-alt-name.ts';
import type { GeneralName } from './general-name.ts';
import { type Name, readName } from './name.ts';
import { type PublicKeyInfo, parsePublicKeyInfo } from './public-key.ts';
import { readSignature, type Signed, verifySigned } from './signature.ts';

export interface CertificateRequest extends Signed {
  readonly der: Uint8Array;
  readonly subject: Name;
  readonly publicKey: PublicKeyInfo;
  /** SubjectPublicKeyInfo DER: the same as `publicKey.der`. */
  readonly publicKeyInfo: Uint8Array;
  /** What the subjectAltName extension asks for; empty without one. */
  readonly names: readonly GeneralName[];
  /** Of the extensionRequest attribute; empty without one. */
  readonly extensions: readonly Extension[];
}

interface RequestInfo {
  readonly subject: Name;
  readonly publicKeyInfo: Uint8Array;
  readonly extensions: readonly Extension[];
}

const attributeLimit = 32;

/**
 * Reads a request of at most 64 KiB, which must be DER from the first octet to the last. The signature is not looked at
 * here: see `verifyCertificateRequest`.
 */
export function parseCertificateRequest(der: Uint8Array): Result<CertificateRequest, DerFault> {
  const reader = new DerReader(der);
  const { info, tbs, algorithm, signature } = reader.sequence(() => {
    const start = reader.position;
    const info = reader.sequence(() => readRequestInfo(reader));
    return { info, tbs: reader.since(start), ...readSignature(reader) };
  });
  const signatureAlgorithm = findSignatureAlgorithm(algorithm);
  if (signatureAlgorithm === undefined) {
    reader.refuse('unsupported', 'the request is signed with an algorithm that is not supported');
  }
  const shape = reader.finish(undefined);
  if (!shape.ok) return shape;
  const publicKey = parsePublicKeyInfo(info.publicKeyInfo);
  if (!publicKey.ok) return publicKey;
  const names = readNames(info.extensions);
  if (!names.ok) return names;
  return ok({ der, tbs, signatureAlgorithm, signature, ...info, publicKey: publicKey.value, names: names.value });
}

/** Whether the request is signed by the private key of the public key in it. */
export function verifyCertificateRequest(request: CertificateRequest): boolean {
  return verifySigned(request, request.publicKey);
}

function readRequestInfo(reader: DerReader): RequestInfo {
  const version = reader.smallInteger();
  // 2, which no standard defines, is what certbot wrote until 2022, and enterprise distributions still ship that.
  if (version !== 0 && version !== 2) reader.refuse('unsupported', `requests of version ${version} are not supported`);
  const subject = readName(reader);
  const publicKeyInfo = reader.element();
  const extensions = readAttributes(reader);
  return { subject, publicKeyInfo, extensions };
}

/** Of all attributes only extensionRequest says anything to a CA here. The order of a SET OF is not checked: common programs get it wrong. */
function readAttributes(reader: DerReader): readonly Extension[] {
  const seen = new Set<string>();
  let extensions: readonly Extension[] = [];
  const readAttribute = () => {
    const type = reader.oid();
    if (seen.has(type)) reader.refuse('malformed', `attribute ${type} appears twice`);
    seen.add(type);
    if (type === oid.extensionRequest) extensions = reader.constructed(tag.set, () => readExtensions(reader));
    else reader.sequenceOf(attributeLimit, () => reader.element(), tag.set);
  };
  reader.sequenceOf(attributeLimit, () => reader.sequence(readAttribute), constructedTag(0));
  return extensions;
}

function readNames(extensions: readonly Extension[]): Result<readonly GeneralName[], DerFault> {
  const extension = findExtension(extensions, oid.subjectAltName);
  return extension === undefined ? ok([]) : parseSubjectAltName(extension.value);
}
