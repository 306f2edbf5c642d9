/**
 * Signature values of X.509: ECDSA as a SEQUENCE of two integers here, as r||s everywhere else in this project.
 * @spec RFC 5480 §A
 * @spec RFC 3279 §2.2.3
 */
import { DerReader } from '../codec/der-reader.ts';
import { DerWriter } from '../codec/der-writer.ts';
import { verifyWith } from '../crypto.ts';
import { type SignatureAlgorithm, signatureAlgorithm } from './algorithm-identifier.ts';
import type { Curve, PublicKeyInfo } from './public-key.ts';

const scalarLengths: Readonly<Record<Curve, number>> = { 'P-256': 32, 'P-384': 48, 'P-521': 66 };

/** Something signed: the form that certificates, requests and CRLs share. */
export interface Signed {
  /** The octets under the signature. */
  readonly tbs: Uint8Array;
  /** `undefined` for an algorithm that is not supported: such a signature never verifies. */
  readonly signatureAlgorithm: SignatureAlgorithm | undefined;
  /** Content of the BIT STRING. */
  readonly signature: Uint8Array;
}

/** Reads signatureAlgorithm and signatureValue, which follow the octets under the signature. */
export function readSignature(reader: DerReader): { readonly algorithm: Uint8Array; readonly signature: Uint8Array } {
  return { algorithm: reader.element(), signature: reader.bitString() };
}

/**
 * SEQUENCE of `tbs`, algorithm and signature.
 * @param joseSignature as a Signer makes it: ECDSA as r||s
 */
export function assembleSigned(
  tbs: Uint8Array,
  algorithm: Parameters<typeof signatureAlgorithm>[0],
  joseSignature: Uint8Array,
): Uint8Array {
  const row = signatureAlgorithm(algorithm);
  const writer = new DerWriter(tbs.length + joseSignature.length + 96);
  writer.sequence(() => {
    writer.raw(tbs).raw(row.der);
    writer.bitString(row.keyKind === 'EC' ? encodeEcdsa(joseSignature) : joseSignature);
  });
  return writer.finish();
}

/** Whether `key` made the signature; false as well for an unsupported algorithm or a key that does not fit it. */
export function verifySigned(signed: Signed, key: PublicKeyInfo): boolean {
  const { signatureAlgorithm: row, signature } = signed;
  if (row === undefined || row.keyKind !== key.kind) return false;
  const fixed = key.curve === undefined ? signature : decodeEcdsa(signature, scalarLengths[key.curve]);
  return fixed !== undefined && verifyWith(row, key.keyObject, signed.tbs, fixed);
}

function encodeEcdsa(fixed: Uint8Array): Uint8Array {
  const half = fixed.length / 2;
  const writer = new DerWriter(fixed.length + 16);
  writer.sequence(() => writer.unsignedInteger(fixed.subarray(0, half)).unsignedInteger(fixed.subarray(half)));
  return writer.finish();
}

/** r||s of `length` octets each; `undefined` when `der` is not DER or a number is too large for the curve. */
function decodeEcdsa(der: Uint8Array, length: number): Uint8Array | undefined {
  const reader = new DerReader(der);
  const [r, s] = reader.sequence(() => [reader.unsignedInteger(), reader.unsignedInteger()] as const);
  if (!reader.finish(undefined).ok || r.length > length || s.length > length) return undefined;
  const fixed = new Uint8Array(2 * length);
  fixed.set(r, length - r.length);
  fixed.set(s, 2 * length - s.length);
  return fixed;
}
