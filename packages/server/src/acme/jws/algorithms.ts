/**
 * The JWS algorithms that ACME requests may be signed with: asymmetric ones whose verification is cheap enough for everybody.
 * @spec RFC 8555 §6.2
 */
import { findJwsAlgorithm, type JwsAlgorithm } from '@tegata/core/jose/algorithms';
import { ok, type Result } from '@tegata/core/result';
import { type AcmeProblem, problem } from '../problems.ts';

/** Preferred ones first; told to clients that used another one. */
const acmeAlgorithms: readonly string[] = ['ES256', 'EdDSA', 'Ed25519', 'ES384', 'ES512', 'RS256'];

/** The row of the protected header's `alg`. */
export function acceptAlgorithm(name: string): Result<JwsAlgorithm, AcmeProblem> {
  const row = acmeAlgorithms.includes(name) ? findJwsAlgorithm(name) : undefined;
  if (row !== undefined) return ok(row);
  return problem('badSignatureAlgorithm', `Sign with one of ${acmeAlgorithms.join(', ')}.`, {
    members: { algorithms: acmeAlgorithms },
  });
}
