/**
 * Which public keys are accepted, for accounts and for certificates.
 * @spec RFC 8555 §6.7
 * @spec RFC 8555 §11.1
 */
import { decodeBase64url, encodeBase64url } from '@tegata/core/codec/base64url';
import { encodeHex } from '@tegata/core/codec/hex';
import { type PublicJwk, type PublicKey, parsePublicJwk, publicJwkFromKeyObject } from '@tegata/core/jose/jwk';
import { thumbprint } from '@tegata/core/jose/jwk-thumbprint';
import { ok, type Result } from '@tegata/core/result';
import type { PublicKeyInfo } from '@tegata/core/x509/public-key';
import { type AcmeProblem, problem } from '../problems.ts';

const minimumRsaBits = 2048;
/** Checking an RSA-4096 signature takes as long as checking one of P-256; beyond that the sender decides how long we work. */
const maximumRsaBits = 4096;
const maximumExponentBytes = 4;
/** Odd primes below this are tried as factors: faulty generators leave such ones in a modulus. */
const smallPrimes: readonly bigint[] = primesBelow(752);
const productOfSmallPrimes = smallPrimes.reduce((product, prime) => product * prime);

/** Whether the key is strong enough for an account. Reading it has refused malformed keys already. */
export function checkAccountKey(key: PublicKey): Result<void, AcmeProblem> {
  const fault = weaknessOf(key);
  return fault === undefined ? ok() : problem('badPublicKey', fault);
}

/**
 * The RFC 7638 thumbprint of a key that somebody wants certified, if it is strong enough. EC and Ed25519 keys on a known curve
 * are; they need no second look.
 */
export function checkCertificateKey(info: PublicKeyInfo): Result<string, AcmeProblem> {
  if (info.kind !== 'RSA') return ok(thumbprint(curveJwk(info)));
  const jwk = publicJwkFromKeyObject(info.keyObject);
  const key = parsePublicJwk(jwk);
  const fault = key.ok ? weaknessOf(key.value) : key.error.detail;
  return fault === undefined ? ok(thumbprint(jwk)) : problem('badCSR', fault);
}

/** Made from the bytes at hand: having OpenSSL export the key takes as long as a signature. */
function curveJwk({ curve, keyBits }: PublicKeyInfo): PublicJwk {
  if (curve === undefined) return { kty: 'OKP', crv: 'Ed25519', x: encodeBase64url(keyBits) };
  // An uncompressed point: 04, x, y (RFC 5480 section 2.2).
  const middle = 1 + (keyBits.length - 1) / 2;
  const [x, y] = [keyBits.subarray(1, middle), keyBits.subarray(middle)];
  return { kty: 'EC', crv: curve, x: encodeBase64url(x), y: encodeBase64url(y) };
}

/** Why a key is too weak or too odd to be used; `undefined` when it is neither. One sentence for its owner. */
function weaknessOf(key: { readonly jwk: PublicJwk; readonly bits: number }): string | undefined {
  if (key.jwk.kty !== 'RSA') return undefined;
  if (key.bits < minimumRsaBits || key.bits > maximumRsaBits) {
    return `RSA keys have ${minimumRsaBits} to ${maximumRsaBits} bits here; this one has ${key.bits}.`;
  }
  const exponent = decodeBase64url(key.jwk.e) as Uint8Array;
  if (exponent.length > maximumExponentBytes) {
    return 'The exponent of the RSA key is longer than 32 bits; use 65537.';
  }
  if (hasSmallFactor(decodeBase64url(key.jwk.n) as Uint8Array)) {
    return 'The modulus of the RSA key has a small factor: the key is broken. Make a new one.';
  }
  return undefined;
}

function hasSmallFactor(modulus: Uint8Array): boolean {
  const rest = BigInt(`0x${encodeHex(modulus)}`) % productOfSmallPrimes;
  return smallPrimes.some((prime) => rest % prime === 0n);
}

function primesBelow(limit: number): bigint[] {
  const primes: bigint[] = [];
  for (let candidate = 3n; candidate < limit; candidate += 2n) {
    if (primes.every((prime) => candidate % prime !== 0n)) primes.push(candidate);
  }
  return primes;
}
