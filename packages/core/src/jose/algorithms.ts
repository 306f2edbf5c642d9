/**
 * The JWS algorithms that are offered, one row each: asymmetric ones only.
 * @spec RFC 7518 §3
 * @spec RFC 8037 §3.1
 * @spec RFC 9864 §2.2
 * @spec RFC 8725 §3.1
 */
import { type SignatureScheme, verifyWith } from '../crypto.ts';
import type { PublicKey } from './jwk.ts';

export interface JwsAlgorithm extends SignatureScheme {
  /** The registered `alg` value. */
  readonly name: string;
  readonly keyType: PublicKey['type'];
  /** The one curve that the algorithm uses; none for RSA. */
  readonly curve?: NonNullable<PublicKey['curve']>;
  /** Length of every signature, where the algorithm fixes it (ECDSA: r||s, never DER). */
  readonly signatureBytes?: number;
  /** A second registered name of the same algorithm, which the `alg` of a key may carry. */
  readonly synonym?: string;
}

/** All rows, in the order in which metadata should list them: preferred ones first. */
export const jwsAlgorithms = [
  { name: 'ES256', keyType: 'EC', curve: 'P-256', hash: 'sha256', signatureBytes: 64 },
  { name: 'Ed25519', keyType: 'OKP', curve: 'Ed25519', hash: null, signatureBytes: 64, synonym: 'EdDSA' },
  { name: 'EdDSA', keyType: 'OKP', curve: 'Ed25519', hash: null, signatureBytes: 64, synonym: 'Ed25519' },
  { name: 'ES384', keyType: 'EC', curve: 'P-384', hash: 'sha384', signatureBytes: 96 },
  { name: 'ES512', keyType: 'EC', curve: 'P-521', hash: 'sha512', signatureBytes: 132 },
  { name: 'PS256', keyType: 'RSA', hash: 'sha256', padding: 'pss' },
  { name: 'PS384', keyType: 'RSA', hash: 'sha384', padding: 'pss' },
  { name: 'PS512', keyType: 'RSA', hash: 'sha512', padding: 'pss' },
  { name: 'RS256', keyType: 'RSA', hash: 'sha256' },
  { name: 'RS384', keyType: 'RSA', hash: 'sha384' },
  { name: 'RS512', keyType: 'RSA', hash: 'sha512' },
] as const satisfies readonly JwsAlgorithm[];

const byName: ReadonlyMap<string, JwsAlgorithm> = new Map(jwsAlgorithms.map((row) => [row.name, row]));

/** The row of an `alg` value, compared case-sensitively; `undefined` for `none`, MACs and whatever else is not offered. */
export function findJwsAlgorithm(name: string): JwsAlgorithm | undefined {
  return byName.get(name);
}

/** Whether `key` is of the row's kind, and its own `alg`, `use` and `key_ops` let it verify signatures of this algorithm. */
export function keyFits(row: JwsAlgorithm, key: PublicKey): boolean {
  const { alg, use, key_ops: operations } = key.jwk;
  return (
    key.type === row.keyType &&
    key.curve === row.curve &&
    (alg === undefined || alg === row.name || alg === row.synonym) &&
    (use === undefined || use === 'sig') &&
    (operations === undefined || operations.includes('verify'))
  );
}

/** Whether `signature` is one of `key` over `data` with exactly this algorithm; `false` as well when the key does not fit the row. */
export function verifySignature(row: JwsAlgorithm, key: PublicKey, data: Uint8Array, signature: Uint8Array): boolean {
  if (row.signatureBytes !== undefined && signature.byteLength !== row.signatureBytes) return false;
  return keyFits(row, key) && verifyWith(row, key.keyObject, data, signature);
}
