/**
 * The registered claims: their types, and whether a token is from whom, for whom and of the time it should be.
 * @spec RFC 7519 §4.1
 * @spec RFC 8725 §3.8
 * @spec RFC 8725 §3.9
 */
import type { JsonObject, JsonValue } from '../codec/json.ts';
import { ok, type Result } from '../result.ts';
import type { Instant } from '../time/clock.ts';
import { type JoseFault, joseFault } from './errors.ts';

/** Claims whose registered members have been checked for type. */
export interface JwtClaims extends JsonObject {
  readonly iss?: string;
  readonly sub?: string;
  readonly jti?: string;
  readonly aud?: string | readonly string[];
  /** NumericDates: seconds, not milliseconds. */
  readonly exp?: number;
  readonly nbf?: number;
  readonly iat?: number;
}

export interface ClaimRules {
  /** The exact `iss`. */
  readonly issuer: string;
  /** The token must be for this party, or for one of these; `undefined` where the kind of token leaves it open. */
  readonly audience: string | readonly string[] | undefined;
  readonly now: Instant;
  /** Milliseconds by which the sender's clock may differ. Default 0. */
  readonly clockSkew?: number;
  /** Claims that must be there besides `iss`, `exp` and `aud`. */
  readonly required?: readonly string[];
  /** `ignored` accepts expired tokens and those without `exp`: for hints about the past only. Default `required`. */
  readonly expiry?: 'required' | 'ignored';
}

const textClaims = ['iss', 'sub', 'jti'];
const dateClaims = ['exp', 'nbf', 'iat'];

/** Gives claims their type, or says which one has the wrong JSON type. */
export function checkClaimTypes(claims: JsonObject): Result<JwtClaims, JoseFault> {
  for (const name of textClaims) {
    if (present(claims, name) && typeof claims[name] !== 'string') return wrongType(name, 'a string');
  }
  for (const name of dateClaims) {
    if (present(claims, name) && typeof claims[name] !== 'number') return wrongType(name, 'a number of seconds');
  }
  if (present(claims, 'aud') && !isAudience(claims.aud)) return wrongType('aud', 'a string or an array of strings');
  return ok(claims as JwtClaims);
}

/** Issuer, audience, time and presence. Times are exclusive at the end: a token is expired at its `exp`. */
export function checkClaims(claims: JwtClaims, rules: ClaimRules): Result<void, JoseFault> {
  if (claims.iss !== rules.issuer) {
    return joseFault('wrong_issuer', 'The "iss" of the token is missing or not the issuer whose key signed it.');
  }
  if (rules.audience !== undefined && !isFor(claims.aud, rules.audience)) {
    return joseFault('wrong_audience', 'The "aud" of the token is missing or names somebody else.');
  }
  const missing = rules.required?.find((name) => !present(claims, name));
  if (missing !== undefined) return joseFault('bad_claim', `The token has no "${missing}" claim.`);
  return checkTimes(claims, rules);
}

function checkTimes(claims: JwtClaims, rules: ClaimRules): Result<void, JoseFault> {
  const { now, clockSkew = 0 } = rules;
  const { exp, nbf, iat } = claims;
  if (rules.expiry !== 'ignored') {
    if (exp === undefined) return joseFault('bad_claim', 'The token has no "exp" claim.');
    if (now >= exp * 1000 + clockSkew) return joseFault('expired', 'The token has expired.');
  }
  if (nbf !== undefined && now + clockSkew < nbf * 1000) {
    return joseFault('not_yet_valid', 'The token is not valid yet: its "nbf" lies in the future.');
  }
  if (iat !== undefined && now + clockSkew < iat * 1000) {
    return joseFault('not_yet_valid', 'The token was issued in the future: compare the clocks.');
  }
  return ok();
}

function isFor(aud: JwtClaims['aud'], accepted: string | readonly string[]): boolean {
  const named = typeof aud === 'string' ? [aud] : (aud ?? []);
  return typeof accepted === 'string' ? named.includes(accepted) : accepted.some((party) => named.includes(party));
}

function isAudience(value: JsonValue | undefined): boolean {
  return typeof value === 'string' || (Array.isArray(value) && value.every((party) => typeof party === 'string'));
}

function present(claims: JsonObject, name: string): boolean {
  return Object.hasOwn(claims, name);
}

function wrongType(name: string, expected: string): Result<never, JoseFault> {
  return joseFault('bad_claim', `The claim "${name}" of the token is not ${expected}.`);
}
