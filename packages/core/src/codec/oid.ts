/**
 * Object identifiers: one table of names and dotted forms, and their encoding.
 * @spec X.690 §8.19
 */

/** Every object identifier this code knows, by the name the standards give it. */
export const oid = {
  // Keys and curves: RFC 3279, RFC 5480, RFC 8410
  rsaEncryption: '1.2.840.113549.1.1.1',
  ecPublicKey: '1.2.840.10045.2.1',
  secp256r1: '1.2.840.10045.3.1.7',
  secp384r1: '1.3.132.0.34',
  secp521r1: '1.3.132.0.35',
  ed25519: '1.3.101.112',
  // Signatures and digests: RFC 4055, RFC 5758
  sha256WithRSAEncryption: '1.2.840.113549.1.1.11',
  sha384WithRSAEncryption: '1.2.840.113549.1.1.12',
  sha512WithRSAEncryption: '1.2.840.113549.1.1.13',
  rsassaPss: '1.2.840.113549.1.1.10',
  mgf1: '1.2.840.113549.1.1.8',
  ecdsaWithSha256: '1.2.840.10045.4.3.2',
  ecdsaWithSha384: '1.2.840.10045.4.3.3',
  ecdsaWithSha512: '1.2.840.10045.4.3.4',
  sha256: '2.16.840.1.101.3.4.2.1',
  sha384: '2.16.840.1.101.3.4.2.2',
  sha512: '2.16.840.1.101.3.4.2.3',
  // Attributes of names: RFC 4519, RFC 5280 appendix A
  commonName: '2.5.4.3',
  surname: '2.5.4.4',
  serialNumber: '2.5.4.5',
  countryName: '2.5.4.6',
  localityName: '2.5.4.7',
  stateOrProvinceName: '2.5.4.8',
  streetAddress: '2.5.4.9',
  organizationName: '2.5.4.10',
  organizationalUnitName: '2.5.4.11',
  title: '2.5.4.12',
  givenName: '2.5.4.42',
  dnQualifier: '2.5.4.46',
  userId: '0.9.2342.19200300.100.1.1',
  domainComponent: '0.9.2342.19200300.100.1.25',
  emailAddress: '1.2.840.113549.1.9.1',
  // Attributes of certificate requests: RFC 2985
  extensionRequest: '1.2.840.113549.1.9.14',
  // Extensions of certificates and CRLs: RFC 5280
  subjectKeyIdentifier: '2.5.29.14',
  keyUsage: '2.5.29.15',
  subjectAltName: '2.5.29.17',
  basicConstraints: '2.5.29.19',
  crlNumber: '2.5.29.20',
  reasonCode: '2.5.29.21',
  crlDistributionPoints: '2.5.29.31',
  certificatePolicies: '2.5.29.32',
  authorityKeyIdentifier: '2.5.29.35',
  extKeyUsage: '2.5.29.37',
  authorityInfoAccess: '1.3.6.1.5.5.7.1.1',
  // Access methods and key purposes: RFC 5280 sections 4.2.1.12 and 4.2.2.1
  ocsp: '1.3.6.1.5.5.7.48.1',
  caIssuers: '1.3.6.1.5.5.7.48.2',
  serverAuth: '1.3.6.1.5.5.7.3.1',
  clientAuth: '1.3.6.1.5.5.7.3.2',
} as const;

/** Content longer than this is refused: four times the longest identifier in use. */
const contentLimit = 128;

/** Content octets of `dotted`; `undefined` when that is no object identifier. */
export function encodeOid(dotted: string): Uint8Array | undefined {
  return known.get(dotted) ?? encodeDotted(dotted);
}

/**
 * Dotted form of the identifier whose content octets are `bytes[start, end)`; `undefined` when they are not minimal
 * DER. Identifiers of the table come back as its own strings, without a copy.
 */
export function decodeOid(bytes: Uint8Array, start: number, end: number): string | undefined {
  const row = byHash.get(hash(bytes, start, end));
  if (row !== undefined && isContent(row.content, bytes, start, end)) return row.dotted;
  return decodeContent(bytes, start, end);
}

function encodeDotted(dotted: string): Uint8Array | undefined {
  if (dotted.length > 3 * contentLimit || !/^[0-2](?:\.(?:0|[1-9][0-9]*))+$/.test(dotted)) return undefined;
  const [root = 0n, second = 0n, ...rest] = dotted.split('.').map(BigInt);
  if (root < 2n && second > 39n) return undefined;
  const content = [root * 40n + second, ...rest].flatMap(encodeArc);
  return content.length <= contentLimit ? Uint8Array.from(content) : undefined;
}

/** Base 128, most significant digit first, the top bit set on all but the last. */
function encodeArc(arc: bigint): number[] {
  const digits = [Number(arc & 0x7fn)];
  for (let left = arc >> 7n; left > 0n; left >>= 7n) digits.unshift(Number(left & 0x7fn) | 0x80);
  return digits;
}

function decodeContent(bytes: Uint8Array, start: number, end: number): string | undefined {
  if (end <= start || end - start > contentLimit || (bytes[end - 1] ?? 0x80) >= 0x80) return undefined;
  const arcs: bigint[] = [];
  let arc = 0n;
  let first = true;
  for (let at = start; at < end; at++) {
    const digit = bytes[at] ?? 0;
    if (first && digit === 0x80) return undefined;
    arc = (arc << 7n) | BigInt(digit & 0x7f);
    first = digit < 0x80;
    if (first) {
      arcs.push(arc);
      arc = 0n;
    }
  }
  const [head = 0n, ...rest] = arcs;
  const root = head < 80n ? head / 40n : 2n;
  return [root, head - root * 40n, ...rest].join('.');
}

/** FNV-1a: enough to find the row; the octets are compared afterwards. */
function hash(bytes: Uint8Array, start: number, end: number): number {
  let value = 0x811c9dc5;
  for (let at = start; at < end; at++) value = Math.imul(value ^ (bytes[at] ?? 0), 0x01000193);
  return value;
}

function isContent(content: Uint8Array, bytes: Uint8Array, start: number, end: number): boolean {
  if (content.length !== end - start) return false;
  for (let at = 0; at < content.length; at++) if (content[at] !== bytes[start + at]) return false;
  return true;
}

const rows = Object.values(oid).map((dotted) => ({ dotted, content: encodeDotted(dotted) ?? new Uint8Array() }));
const known: ReadonlyMap<string, Uint8Array> = new Map(rows.map((row) => [row.dotted, row.content]));
const byHash = new Map(rows.map((row) => [hash(row.content, 0, row.content.length), row]));
