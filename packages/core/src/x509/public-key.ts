/**
 * SubjectPublicKeyInfo of the key types that are certified: EC on three curves, RSA, Ed25519.
 * @spec RFC 5280 §4.1.2.7
 * @spec RFC 3279 §2.3.1
 * @spec RFC 5480 §2
 * @spec RFC 8410 §4
 */
import { type DerFault, DerReader } from '../codec/der-reader.ts';
import { oid } from '../codec/oid.ts';
import { importPublicKeyInfo, type KeyObject } from '../crypto.ts';
import { fail, ok, type Result } from '../result.ts';

export type Curve = 'P-256' | 'P-384' | 'P-521';

export interface PublicKeyInfo {
  /** The SubjectPublicKeyInfo itself. */
  readonly der: Uint8Array;
  readonly kind: 'EC' | 'RSA' | 'Ed25519';
  /** Only for EC. */
  readonly curve?: Curve;
  /** Size of the modulus, of the curve's field, or 256 for Ed25519. */
  readonly bits: number;
  /** Content of subjectPublicKey, of which key identifiers are digests. */
  readonly keyBits: Uint8Array;
  readonly keyObject: KeyObject;
}

type Shape = Pick<PublicKeyInfo, 'kind' | 'curve' | 'bits'>;

interface CurveRow {
  readonly curve: Curve;
  readonly bits: number;
  /** Octets of an uncompressed point. */
  readonly pointLength: number;
}

const curves: ReadonlyMap<string, CurveRow> = new Map<string, CurveRow>([
  [oid.secp256r1, { curve: 'P-256', bits: 256, pointLength: 65 }],
  [oid.secp384r1, { curve: 'P-384', bits: 384, pointLength: 97 }],
  [oid.secp521r1, { curve: 'P-521', bits: 521, pointLength: 133 }],
]);

/** Larger moduli take too long to verify with to be accepted from strangers. */
const modulusBitsLimit = 8192;
const exponentBytesLimit = 8;

/** What can be told of a public key from its encoding alone. */
export type PublicKeyShape = Omit<PublicKeyInfo, 'keyObject'>;

/** Reads and imports a public key: its shape is checked here, its point or modulus by OpenSSL. How strong is strong enough is for policy. */
export function parsePublicKeyInfo(der: Uint8Array): Result<PublicKeyInfo, DerFault> {
  const shape = parsePublicKeyShape(der);
  if (!shape.ok) return shape;
  const keyObject = importPublicKeyInfo(der);
  if (keyObject !== undefined) return ok({ ...shape.value, keyObject });
  const { curve, kind } = shape.value;
  return fail({ code: 'malformed', detail: `not a valid ${curve ?? kind} public key` });
}

/** Reads a public key without importing it, which costs as much as a signature: for keys that have proven possession before. */
export function parsePublicKeyShape(der: Uint8Array): Result<PublicKeyShape, DerFault> {
  const reader = new DerReader(der);
  const { shape, keyBits } = readShape(reader);
  return reader.finish({ der, ...shape, keyBits });
}

/** Content of subjectPublicKey of a SubjectPublicKeyInfo of any algorithm. */
export function readKeyBits(der: Uint8Array): Result<Uint8Array, DerFault> {
  const reader = new DerReader(der);
  const keyBits = reader.sequence(() => {
    reader.element();
    return reader.bitString();
  });
  return reader.finish(keyBits);
}

function readShape(reader: DerReader): { shape: Shape; keyBits: Uint8Array } {
  return reader.sequence(() => {
    const readKey = reader.sequence(() => readAlgorithm(reader));
    const keyBits = reader.bitString();
    return { shape: readKey(keyBits), keyBits };
  });
}

/** Reads algorithm and parameters; answers how to look at the key itself. */
function readAlgorithm(reader: DerReader): (keyBits: Uint8Array) => Shape {
  const algorithm = reader.oid();
  switch (algorithm) {
    case oid.ecPublicKey: {
      const row = curves.get(reader.oid());
      return (keyBits) => ecShape(reader, row, keyBits);
    }
    case oid.rsaEncryption:
      reader.null();
      return (keyBits) => rsaShape(reader, keyBits);
    case oid.ed25519:
      return (keyBits) => ed25519Shape(reader, keyBits);
    default:
      reader.refuse('unsupported', `public keys of algorithm ${algorithm} are not supported`);
      return () => ({ kind: 'Ed25519', bits: 0 });
  }
}

function ecShape(reader: DerReader, row: CurveRow | undefined, point: Uint8Array): Shape {
  if (row === undefined) {
    reader.refuse('unsupported', 'elliptic curves other than P-256, P-384 and P-521 are not supported');
    return { kind: 'EC', bits: 0 };
  }
  if (point[0] !== 0x04 || point.length !== row.pointLength) {
    reader.refuse('unsupported', `the public key is no uncompressed point of ${row.curve}`);
  }
  return { kind: 'EC', curve: row.curve, bits: row.bits };
}

function ed25519Shape(reader: DerReader, key: Uint8Array): Shape {
  if (key.length !== 32) reader.refuse('malformed', `an Ed25519 public key has 32 octets, not ${key.length}`);
  return { kind: 'Ed25519', bits: 256 };
}

function rsaShape(outer: DerReader, keyBits: Uint8Array): Shape {
  const reader = new DerReader(keyBits);
  const [modulus, exponent] = reader.sequence(() => [reader.unsignedInteger(), reader.unsignedInteger()] as const);
  const bits = modulus.length * 8 - (Math.clz32(modulus[0] ?? 0) - 24);
  const outcome = reader.finish(undefined);
  if (!outcome.ok) outer.refuse(outcome.error.code, `RSA public key: ${outcome.error.detail}`);
  if (bits > modulusBitsLimit) outer.refuse('unsupported', `RSA keys above ${modulusBitsLimit} bits are not supported`);
  if (exponent.length > exponentBytesLimit)
    outer.refuse('unsupported', 'RSA public exponents above 64 bits are not supported');
  const lowest = exponent.at(-1) ?? 0;
  if (lowest % 2 === 0 || (exponent.length === 1 && lowest === 1)) {
    outer.refuse('malformed', 'the RSA public exponent is even or one');
  }
  return { kind: 'RSA', bits };
}
