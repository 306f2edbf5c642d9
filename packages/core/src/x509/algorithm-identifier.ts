/**
 * Signature algorithms of X.509: one row each, with every encoding of its AlgorithmIdentifier that is accepted.
 * @spec RFC 5758 §3.2
 * @spec RFC 4055 §3.1
 * @spec RFC 4055 §5
 * @spec RFC 8410 §3
 */
import { constructedTag } from '../codec/der-tag.ts';
import { DerWriter } from '../codec/der-writer.ts';
import { oid } from '../codec/oid.ts';
import type { SignatureScheme } from '../crypto.ts';

export interface SignatureAlgorithm extends SignatureScheme {
  /** Name of the same algorithm in JOSE. */
  readonly name: SignatureAlgorithmName;
  readonly keyKind: 'EC' | 'RSA' | 'Ed25519';
  /** DER of the AlgorithmIdentifier as we write it. */
  readonly der: Uint8Array;
  /** A second form that RFC 4055 tells readers to accept: without the NULL parameters. */
  readonly alternative?: Uint8Array;
}

export type SignatureAlgorithmName =
  | 'ES256'
  | 'ES384'
  | 'ES512'
  | 'RS256'
  | 'RS384'
  | 'RS512'
  | 'PS256'
  | 'PS384'
  | 'PS512'
  | 'Ed25519';

type Hash = 'sha256' | 'sha384' | 'sha512';
const saltLengths = { sha256: 32, sha384: 48, sha512: 64 } as const;

const rows: readonly SignatureAlgorithm[] = [
  { name: 'ES256', keyKind: 'EC', hash: 'sha256', der: identifier(oid.ecdsaWithSha256) },
  { name: 'ES384', keyKind: 'EC', hash: 'sha384', der: identifier(oid.ecdsaWithSha384) },
  { name: 'ES512', keyKind: 'EC', hash: 'sha512', der: identifier(oid.ecdsaWithSha512) },
  { name: 'Ed25519', keyKind: 'Ed25519', hash: null, der: identifier(oid.ed25519) },
  pkcs1('RS256', 'sha256', oid.sha256WithRSAEncryption),
  pkcs1('RS384', 'sha384', oid.sha384WithRSAEncryption),
  pkcs1('RS512', 'sha512', oid.sha512WithRSAEncryption),
  pss('PS256', 'sha256'),
  pss('PS384', 'sha384'),
  pss('PS512', 'sha512'),
];

const byName: ReadonlyMap<string, SignatureAlgorithm> = new Map([
  ...rows.map((row) => [row.name, row] as const),
  ...rows.filter((row) => row.name === 'Ed25519').map((row) => ['EdDSA', row] as const),
]);

/** The row of a JOSE algorithm; every Signer's algorithm has one. */
export function signatureAlgorithm(name: SignatureAlgorithmName | 'EdDSA'): SignatureAlgorithm {
  const row = byName.get(name);
  if (row === undefined) throw new RangeError(`no X.509 signature algorithm: ${name}`);
  return row;
}

/** The row whose AlgorithmIdentifier `der` is; `undefined` for one that is not offered, as those with SHA-1. */
export function findSignatureAlgorithm(der: Uint8Array): SignatureAlgorithm | undefined {
  return rows.find((row) => isSame(row.der, der) || (row.alternative !== undefined && isSame(row.alternative, der)));
}

/** Whether two encodings are the same, octet by octet. */
export function isSame(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  for (let at = 0; at < a.length; at++) if (a[at] !== b[at]) return false;
  return true;
}

function identifier(dotted: string, writeParameters?: (writer: DerWriter) => void): Uint8Array {
  const writer = new DerWriter(32);
  writer.sequence(() => {
    writer.oid(dotted);
    writeParameters?.(writer);
  });
  return writer.finish();
}

function pkcs1(name: SignatureAlgorithmName, hash: Hash, dotted: string): SignatureAlgorithm {
  const der = identifier(dotted, (writer) => writer.null());
  return { name, keyKind: 'RSA', hash, der, alternative: identifier(dotted) };
}

function pss(name: SignatureAlgorithmName, hash: Hash): SignatureAlgorithm {
  const der = pssIdentifier(hash, true);
  return { name, keyKind: 'RSA', hash, padding: 'pss', der, alternative: pssIdentifier(hash, false) };
}

/** RSASSA-PSS-params with MGF1 of the same hash and a salt of its length; trailerField has its default. */
function pssIdentifier(hash: Hash, withNull: boolean): Uint8Array {
  const hashIdentifier = identifier(oid[hash], (writer) => withNull && writer.null());
  return identifier(oid.rsassaPss, (writer) => {
    writer.sequence(() => {
      writer.constructed(constructedTag(0), () => writer.raw(hashIdentifier));
      writer.constructed(constructedTag(1), () => writer.sequence(() => writer.oid(oid.mgf1).raw(hashIdentifier)));
      writer.constructed(constructedTag(2), () => writer.smallInteger(saltLengths[hash]));
    });
  });
}
