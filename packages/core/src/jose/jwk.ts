/**
 * Public keys as JSON Web Keys: read strictly, once, into a key that is ready to verify with.
 * @spec RFC 7517 §4
 * @spec RFC 7518 §6
 * @spec RFC 8037 §2
 * @spec RFC 8725 §3.4
 */
import { decodeBase64url } from '../codec/base64url.ts';
import type { JsonObject, JsonValue } from '../codec/json.ts';
import { exportPublicJwk, importPublicJwk, type KeyObject } from '../crypto.ts';
import { ok, type Result } from '../result.ts';
import { isSoundEd25519Point } from './ed25519-point.ts';
import { type JoseFault, joseFault } from './errors.ts';
import { thumbprint } from './jwk-thumbprint.ts';
import { hasRocaFingerprint } from './roca.ts';

interface CommonMembers extends JsonObject {
  readonly kid?: string;
  readonly alg?: string;
  readonly use?: string;
  readonly key_ops?: readonly string[];
}

export interface EcPublicJwk extends CommonMembers {
  readonly kty: 'EC';
  readonly crv: EcCurve;
  readonly x: string;
  readonly y: string;
}

export interface OkpPublicJwk extends CommonMembers {
  readonly kty: 'OKP';
  readonly crv: 'Ed25519';
  readonly x: string;
}

export interface RsaPublicJwk extends CommonMembers {
  readonly kty: 'RSA';
  readonly n: string;
  readonly e: string;
}

/** A public key of a kind that this server uses; members that it does not know are left out. */
export type PublicJwk = EcPublicJwk | OkpPublicJwk | RsaPublicJwk;

export type EcCurve = 'P-256' | 'P-384' | 'P-521';

/** A checked public key. Reading one costs about as much as a signature: keep it with the account or client it belongs to. */
export interface PublicKey {
  readonly jwk: PublicJwk;
  readonly keyObject: KeyObject;
  readonly type: PublicJwk['kty'];
  readonly curve?: EcCurve | 'Ed25519';
  /** Size of the field (EC, OKP) or of the modulus (RSA). */
  readonly bits: number;
  /** RFC 7638, SHA-256. */
  readonly thumbprint: string;
}

const curveBits = { 'P-256': 256, 'P-384': 384, 'P-521': 521 } as const;
const minimumRsaBits = 2048;
/** Verifying with a longer modulus costs milliseconds, and the sender chooses it. */
const maximumRsaBits = 8192;
const secretMembers = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k'];

/**
 * Reads a public key. Refuses private and symmetric keys, RSA below 2048 or above 8192 bits, points off their curve, unknown curves,
 * and members that are not in their one canonical encoding (two spellings of one key would have two thumbprints).
 */
export function parsePublicJwk(value: JsonObject): Result<PublicKey, JoseFault> {
  if (value.kty === 'oct')
    return joseFault('bad_key', 'The JWK is a symmetric key; send the public half of a key pair.');
  if (secretMembers.some((name) => Object.hasOwn(value, name))) {
    return joseFault('bad_key', 'The JWK holds a private key; send only its public members, and replace the key.');
  }
  const common = commonMembers(value);
  if (!common.ok) return common;
  switch (value.kty) {
    case 'EC':
      return parseEc(value, common.value);
    case 'OKP':
      return parseOkp(value, common.value);
    case 'RSA':
      return parseRsa(value, common.value);
    case undefined:
      return joseFault('bad_key', 'The JWK has no "kty" member.');
    default:
      return joseFault('unsupported_key', 'The key type ("kty") is not one of EC, OKP and RSA.');
  }
}

/**
 * Public members of a public or private key object, without `kid`, `alg` and `use`.
 * @throws for a key that is no EC, Ed25519 or RSA key: keys of our own are checked when they are made or loaded
 */
export function publicJwkFromKeyObject(key: KeyObject): PublicJwk {
  const { kty, crv, x, y, n, e } = exportPublicJwk(key);
  if (kty === 'RSA') return { kty, n: n as string, e: e as string };
  if (kty === 'OKP' && crv === 'Ed25519') return { kty, crv, x: x as string };
  if (kty === 'EC' && isEcCurve(crv)) return { kty, crv, x: x as string, y: y as string };
  throw new Error(`a ${crv ?? kty} key is of no use here`);
}

function parseEc(value: JsonObject, common: CommonMembers): Result<PublicKey, JoseFault> {
  const { crv, x, y } = value;
  if (!isEcCurve(crv)) {
    return joseFault('unsupported_key', 'The curve ("crv") of the EC key is not one of P-256, P-384 and P-521.');
  }
  const width = Math.ceil(curveBits[crv] / 8);
  if (!isOctets(x, width) || !isOctets(y, width)) {
    return joseFault(
      'bad_key',
      `The members "x" and "y" of a ${crv} key are ${width} bytes each, in base64url without padding.`,
    );
  }
  return imported({ kty: 'EC', crv, x, y, ...common }, crv, curveBits[crv]);
}

function parseOkp(value: JsonObject, common: CommonMembers): Result<PublicKey, JoseFault> {
  const { crv, x } = value;
  if (crv !== 'Ed25519') return joseFault('unsupported_key', 'The curve ("crv") of the OKP key is not Ed25519.');
  if (!isOctets(x, 32)) {
    return joseFault('bad_key', 'The member "x" of an Ed25519 key is 32 bytes, in base64url without padding.');
  }
  if (!isSoundEd25519Point(decodeBase64url(x) as Uint8Array)) {
    return joseFault('bad_key', 'The member "x" of the Ed25519 key is not a usable point of the curve.');
  }
  return imported({ kty: 'OKP', crv, x, ...common }, crv, 256);
}

function parseRsa(value: JsonObject, common: CommonMembers): Result<PublicKey, JoseFault> {
  const { n, e } = value;
  const modulus = decodeInteger(n);
  const exponent = decodeInteger(e);
  if (typeof n !== 'string' || typeof e !== 'string' || modulus === undefined || exponent === undefined) {
    return joseFault(
      'bad_key',
      'The members "n" and "e" of an RSA key are integers in base64url without padding or leading zero bytes.',
    );
  }
  const bits = modulus.length * 8 - Math.clz32(modulus[0] as number) + 24;
  if (bits < minimumRsaBits || bits > maximumRsaBits) {
    return joseFault(
      'unsupported_key',
      `RSA keys have ${minimumRsaBits} to ${maximumRsaBits} bits here; this one has ${bits}.`,
    );
  }
  const isUnit = exponent.length === 1 && exponent[0] === 1;
  if (isEven(modulus) || isEven(exponent) || isUnit || exponent.length > 8) {
    return joseFault(
      'bad_key',
      'The RSA key has an even modulus, or an exponent that is even, 1 or longer than 64 bits.',
    );
  }
  if (hasRocaFingerprint(modulus)) {
    return joseFault(
      'bad_key',
      'The RSA key comes from a faulty generator (ROCA, CVE-2017-15361) and can be factored.',
    );
  }
  return imported({ kty: 'RSA', n, e, ...common }, undefined, bits);
}

function imported(jwk: PublicJwk, curve: PublicKey['curve'], bits: number): Result<PublicKey, JoseFault> {
  const keyObject = importPublicJwk(jwk);
  if (keyObject === undefined) return joseFault('bad_key', 'The point of the key is not on its curve.');
  const key = { jwk, keyObject, type: jwk.kty, bits, thumbprint: thumbprint(jwk) };
  return ok(curve === undefined ? key : { ...key, curve });
}

/** The members that say how a key may be used, checked for type alone. */
function commonMembers(value: JsonObject): Result<CommonMembers, JoseFault> {
  const members: Record<string, JsonValue> = {};
  for (const name of ['kid', 'alg', 'use']) {
    const member = value[name];
    if (member === undefined) continue;
    if (typeof member !== 'string') return joseFault('bad_key', `The JWK member "${name}" is not a string.`);
    members[name] = member;
  }
  const operations = value.key_ops;
  if (operations !== undefined) {
    if (!isStringArray(operations)) return joseFault('bad_key', 'The JWK member "key_ops" is not an array of strings.');
    members.key_ops = operations;
  }
  return ok(members);
}

function isEcCurve(value: JsonValue | undefined): value is EcCurve {
  return value === 'P-256' || value === 'P-384' || value === 'P-521';
}

function isStringArray(value: JsonValue): value is readonly string[] {
  return Array.isArray(value) && value.every((element) => typeof element === 'string');
}

function isOctets(value: JsonValue | undefined, length: number): value is string {
  return typeof value === 'string' && decodeBase64url(value)?.length === length;
}

/** A Base64urlUInt of RFC 7518 section 2: big-endian, as few bytes as the number needs. */
function decodeInteger(value: JsonValue | undefined): Uint8Array | undefined {
  const bytes = typeof value === 'string' ? decodeBase64url(value) : undefined;
  return bytes === undefined || bytes.length === 0 || bytes[0] === 0 ? undefined : bytes;
}

function isEven(bytes: Uint8Array): boolean {
  return ((bytes[bytes.length - 1] as number) & 1) === 0;
}
