/**
 * The to-be-signed part of a version 3 certificate, built; and the certificate assembled from it.
 * @spec RFC 5280 §4.1
 */
import { constructedTag } from '../codec/der-tag.ts';
import { DerWriter } from '../codec/der-writer.ts';
import type { SignerAlgorithm } from '../jose/signer.ts';
import type { Instant } from '../time/clock.ts';
import { signatureAlgorithm } from './algorithm-identifier.ts';
import { type Extension, writeExtensions } from './extension.ts';
import { type Name, writeName } from './name.ts';
import { isSerial } from './serial.ts';
import { assembleSigned } from './signature.ts';
import { writeTime } from './time.ts';

export interface TbsCertificateInput {
  /** Positive number, big-endian, 1 to 20 octets, the first not zero (19, or 20 with its top bit clear). */
  readonly serial: Uint8Array;
  /** The issuer's signature algorithm. */
  readonly algorithm: SignerAlgorithm;
  readonly issuer: Name;
  readonly subject: Name;
  /** Both are inclusive and are cut to whole seconds. */
  readonly notBefore: Instant;
  readonly notAfter: Instant;
  /** SubjectPublicKeyInfo DER. */
  readonly publicKeyInfo: Uint8Array;
  readonly extensions: readonly Extension[];
}

const version3 = 2;

/**
 * The octets to sign.
 * @throws for a serial, time or name that no certificate may have (RFC 5280 sections 4.1.2.2 and 4.1.2.5): a mistake of the caller
 */
export function buildTbsCertificate(input: TbsCertificateInput): Uint8Array {
  if (!isSerial(input.serial))
    throw new RangeError('a serial number is positive, at most 20 octets with its sign, in its shortest form');
  const writer = new DerWriter(1024);
  writer.sequence(() => {
    writer.constructed(constructedTag(0), () => writer.smallInteger(version3));
    writer.unsignedInteger(input.serial).raw(signatureAlgorithm(input.algorithm).der);
    writeName(writer, input.issuer);
    writer.sequence(() => {
      writeTime(writer, input.notBefore);
      writeTime(writer, input.notAfter);
    });
    writeName(writer, input.subject);
    writer.raw(input.publicKeyInfo);
    if (input.extensions.length > 0) {
      writer.constructed(constructedTag(3), () => writeExtensions(writer, input.extensions));
    }
  });
  return writer.finish();
}

/**
 * The certificate.
 * @param joseSignature the Signer's signature over `tbs`: ECDSA as r||s, which becomes DER here
 */
export function assembleCertificate(
  tbs: Uint8Array,
  algorithm: SignerAlgorithm,
  joseSignature: Uint8Array,
): Uint8Array {
  return assembleSigned(tbs, algorithm, joseSignature);
}
