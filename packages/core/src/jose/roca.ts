/**
 * The fingerprint of RSA keys from the faulty Infineon generator (CVE-2017-15361, "ROCA"), which can be factored.
 * Their modulus is a power of 65537 modulo every small prime; a sound key passes as one with a probability of about 2^-27.
 * @spec RFC 8725 §3.2
 */

const generator = 65_537;
const primes = [11, 13, 17, 19, 37, 53, 61, 71, 73, 79, 97, 103, 107, 109, 127, 151, 157];
/** For each prime, the powers of the generator modulo it. */
const powers: ReadonlyMap<number, ReadonlySet<number>> = new Map(primes.map((prime) => [prime, powersModulo(prime)]));

/** Whether `modulus` (big-endian) has the fingerprint. */
export function hasRocaFingerprint(modulus: Uint8Array): boolean {
  for (const [prime, residues] of powers) {
    if (!residues.has(remainder(modulus, prime))) return false;
  }
  return true;
}

function powersModulo(prime: number): ReadonlySet<number> {
  const residues = new Set<number>();
  for (let power = 1; !residues.has(power); power = (power * generator) % prime) residues.add(power);
  return residues;
}

function remainder(number: Uint8Array, divisor: number): number {
  let rest = 0;
  for (const byte of number) rest = (rest * 256 + byte) % divisor;
  return rest;
}
