/**
 * Signed JSON Web Tokens, always with an explicit type: what one kind of token proves, no other kind is taken for.
 * @spec RFC 7519 §7
 * @spec RFC 8725 §3.11
 * @spec RFC 8725 §3.12
 */
import { type JsonObject, parseJsonObject } from '../codec/json.ts';
import { ok, type Result } from '../result.ts';
import { type JoseFault, joseFault } from './errors.ts';
import type { PublicKey } from './jwk.ts';
import { type ParsedJws, verifyJws } from './jws.ts';
import { type JwsLimits, parseCompact } from './jws-compact.ts';
import { type ClaimRules, checkClaims, checkClaimTypes, type JwtClaims } from './jwt-claims.ts';
import type { ProtectedHeader } from './protected-header.ts';
import type { Signer } from './signer.ts';

/**
 * Signs claims, or their JSON text where a hot path has it ready, into a token of one kind. Answers at once where the key does.
 * @param kind the `typ` of the header: every kind of token has its own
 */
export function signJwt(
  kind: { readonly typ: string },
  claims: JsonObject | string,
  signer: Signer,
): string | Promise<string> {
  const header = JSON.stringify({ alg: signer.algorithm, typ: kind.typ, kid: signer.keyId });
  const payload = typeof claims === 'string' ? claims : JSON.stringify(claims);
  const signingInput = `${encodeText(header)}.${encodeText(payload)}`;
  const signature = signer.sign(Buffer.from(signingInput, 'latin1'));
  return signature instanceof Uint8Array
    ? joinSignature(signingInput, signature)
    : signature.then((bytes) => joinSignature(signingInput, bytes));
}

/** A token that has been read and not verified: good for finding out whose keys to load, and for nothing else. */
export interface ParsedJwt {
  readonly header: ProtectedHeader;
  readonly claims: JwtClaims;
  readonly jws: ParsedJws;
}

/** A verified token. */
export interface VerifiedJwt {
  readonly header: ProtectedHeader;
  readonly claims: JwtClaims;
}

export interface JwtRules extends ClaimRules {
  /**
   * Accepted `typ` values; `undefined` among them accepts its absence. Compared without regard to case, with or without `application/`.
   */
  readonly typ: string | readonly (string | undefined)[];
  /** Accepted `alg` values. */
  readonly algorithms: readonly string[];
  /** The keys of whom the token says it is from; never taken from the token itself. */
  readonly keyFor: (header: ProtectedHeader, claims: JwtClaims) => PublicKey | readonly PublicKey[] | undefined;
}

/** Reads a token without verifying it: serialisation, JSON, and the types of the registered claims. Nested tokens are refused. */
export function parseJwt(token: string, limits: JwsLimits = {}): Result<ParsedJwt, JoseFault> {
  const jws = parseCompact(token, limits);
  if (!jws.ok) return jws;
  const { header, payload } = jws.value;
  if (header.cty !== undefined && mediaType(header.cty) === 'jwt') {
    return joseFault(
      'unsupported_header',
      'The token holds another token ("cty" is JWT), which is not supported here.',
    );
  }
  const claims = parseJsonObject(payload);
  if (!claims.ok) return joseFault('malformed', `The claims of the token cannot be read: ${claims.error.detail}`);
  const typed = checkClaimTypes(claims.value);
  return typed.ok ? ok({ header, claims: typed.value, jws: jws.value }) : typed;
}

/** Type, algorithm, key, signature and claims, in this order; the token is good for what `rules` say when all hold. */
export function verifyJwt(token: string | ParsedJwt, rules: JwtRules): Result<VerifiedJwt, JoseFault> {
  const parsed = typeof token === 'string' ? parseJwt(token) : ok(token);
  if (!parsed.ok) return parsed;
  const { header, claims, jws } = parsed.value;
  if (!typeAccepted(header.typ, rules.typ)) {
    return joseFault('wrong_type', 'The token is of another kind than is accepted here: look at its "typ" header.');
  }
  const found = rules.keyFor(header, claims) ?? [];
  const signature = verifyJws(jws, rules.algorithms, 'keyObject' in found ? [found] : found);
  if (!signature.ok) return signature;
  const checked = checkClaims(claims, rules);
  return checked.ok ? ok({ header, claims }) : checked;
}

function typeAccepted(typ: string | undefined, accepted: JwtRules['typ']): boolean {
  const actual = typ === undefined ? undefined : mediaType(typ);
  const wanted = typeof accepted === 'string' ? [accepted] : accepted;
  return wanted.some((type) => (type === undefined ? actual === undefined : mediaType(type) === actual));
}

/** RFC 7515 section 4.1.9: `application/` may be left out where no other slash follows. */
function mediaType(value: string): string {
  const lower = value.toLowerCase();
  const short = lower.startsWith('application/') ? lower.slice('application/'.length) : lower;
  return short.includes('/') ? lower : short;
}

function encodeText(text: string): string {
  return Buffer.from(text, 'utf8').toString('base64url');
}

function joinSignature(signingInput: string, signature: Uint8Array): string {
  return `${signingInput}.${Buffer.from(signature.buffer, signature.byteOffset, signature.byteLength).toString('base64url')}`;
}
