/**
 * A JWS that has been read but not yet believed, and the check that makes it believed.
 * @spec RFC 7515 §5.2
 * @spec RFC 8725 §3.1
 */
import { ok, type Result } from '../result.ts';
import { findJwsAlgorithm, keyFits, verifySignature } from './algorithms.ts';
import { type JoseFault, joseFault } from './errors.ts';
import type { PublicKey } from './jwk.ts';
import type { ProtectedHeader } from './protected-header.ts';

export interface ParsedJws {
  readonly header: ProtectedHeader;
  readonly payload: Uint8Array;
  /** What the signature covers: both encoded segments with the dot between them. */
  readonly signingInput: Uint8Array;
  readonly signature: Uint8Array;
}

/**
 * Whether one of `keys` signed it with one of `algorithms` (`alg` values). Keys that do not fit the algorithm are left out, and so are
 * those whose `kid` is not the header's; keys without a `kid` remain.
 */
export function verifyJws(
  jws: ParsedJws,
  algorithms: readonly string[],
  keys: readonly PublicKey[],
): Result<void, JoseFault> {
  const { alg, kid } = jws.header;
  const row = findJwsAlgorithm(alg);
  if (row === undefined) {
    return joseFault('unsupported_algorithm', 'The "alg" of the signature is not one that this server offers.');
  }
  if (!algorithms.includes(row.name)) {
    return joseFault(
      'algorithm_not_allowed',
      `The "alg" ${row.name} is not accepted here; use ${algorithms.join(' or ')}.`,
    );
  }
  const candidates = keys.filter(
    (key) => keyFits(row, key) && (kid === undefined || key.jwk.kid === undefined || key.jwk.kid === kid),
  );
  if (candidates.length === 0) {
    return joseFault('key_not_found', `No known key of the sender fits "alg" ${row.name} and the "kid" of the header.`);
  }
  return candidates.some((key) => verifySignature(row, key, jws.signingInput, jws.signature))
    ? ok()
    : joseFault('signature_invalid', 'The signature does not verify with the key of the sender.');
}
