/**
 * PKCS #10 certificate requests, built and signed.
 * @spec RFC 2986 §4
 */
import { constructedTag, tag } from '../codec/der-tag.ts';
import { DerWriter } from '../codec/der-writer.ts';
import { oid } from '../codec/oid.ts';
import { exportPublicKeyInfo, type KeyObject, signNow } from '../crypto.ts';
import { unwrap } from '../result.ts';
import { type SignatureAlgorithmName, signatureAlgorithm } from './algorithm-identifier.ts';
import { type Extension, writeExtensions } from './extension.ts';
import { encodeSubjectAltName } from './extensions/subject-alt-name.ts';
import type { GeneralName } from './general-name.ts';
import { type Name, writeName } from './name.ts';
import { type PublicKeyInfo, parsePublicKeyInfo } from './public-key.ts';
import { assembleSigned } from './signature.ts';

export interface CertificateRequestInput {
  /** May be empty, when the names say it all. */
  readonly subject: Name;
  /** What subjectAltName shall ask for; no such extension when empty. */
  readonly names: readonly GeneralName[];
  /** Further extensions to ask for. */
  readonly extensions?: readonly Extension[];
  /** EC on P-256, P-384 or P-521, RSA, or Ed25519. */
  readonly privateKey: KeyObject;
  /** The usual one of the key by default: the hash of its curve's size, PKCS #1 with SHA-256, Ed25519. */
  readonly algorithm?: SignatureAlgorithmName;
}

const usualAlgorithms = {
  'P-256': 'ES256',
  'P-384': 'ES384',
  'P-521': 'ES512',
  RSA: 'RS256',
  Ed25519: 'Ed25519',
} as const;

/**
 * DER of the signed request.
 * @throws when the key is of another kind than the algorithm needs
 */
export function buildCertificateRequest(input: CertificateRequestInput): Uint8Array {
  const publicKey = unwrap(parsePublicKeyInfo(exportPublicKeyInfo(input.privateKey)));
  const algorithm = signatureAlgorithm(input.algorithm ?? usualAlgorithm(publicKey));
  if (algorithm.keyKind !== publicKey.kind)
    throw new RangeError(`${algorithm.name} needs another key than ${publicKey.kind}`);
  const extensions = [...(input.extensions ?? [])];
  if (input.names.length > 0) extensions.unshift(encodeSubjectAltName(input.names));
  const tbs = writeRequestInfo(input.subject, publicKey.der, extensions);
  return assembleSigned(tbs, algorithm.name, signNow(algorithm, input.privateKey, tbs));
}

function usualAlgorithm(key: PublicKeyInfo): SignatureAlgorithmName {
  return usualAlgorithms[key.kind === 'EC' ? (key.curve ?? 'P-256') : key.kind];
}

function writeRequestInfo(subject: Name, publicKeyInfo: Uint8Array, extensions: readonly Extension[]): Uint8Array {
  const writer = new DerWriter(512);
  writer.sequence(() => {
    writer.smallInteger(0);
    writeName(writer, subject);
    writer.raw(publicKeyInfo);
    writer.constructed(constructedTag(0), () => {
      if (extensions.length === 0) return;
      writer.sequence(() => {
        writer.oid(oid.extensionRequest).constructed(tag.set, () => writeExtensions(writer, extensions));
      });
    });
  });
  return writer.finish();
}
