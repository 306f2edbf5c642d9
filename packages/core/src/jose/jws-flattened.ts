/**
 * JWS in flattened JSON serialisation, as ACME signs its requests.
 * @spec RFC 7515 §7.2.2
 * @spec RFC 8555 §6.2
 */
import { decodeBase64url } from '../codec/base64url.ts';
import { type JsonObject, parseJsonObject } from '../codec/json.ts';
import { ok, type Result } from '../result.ts';
import { type JoseFault, joseFault } from './errors.ts';
import type { ParsedJws } from './jws.ts';
import { parseProtectedHeader } from './protected-header.ts';

/** Like a compact one, but the payload may be empty (POST-as-GET). */
export type ParsedFlattenedJws = ParsedJws;

const limits = { maximumLength: 131_072, maximumDepth: 4 };

/**
 * Reads a body of exactly the members `protected`, `payload` and `signature`, without verifying it. An unprotected `header`, several
 * `signatures` and a detached payload are refused, as everything that could make two readers see two messages.
 */
export function parseFlattened(body: Uint8Array): Result<ParsedFlattenedJws, JoseFault> {
  const parsed = parseJsonObject(body, limits);
  if (!parsed.ok) return joseFault('malformed', `The body is not a JWS in flattened JSON form: ${parsed.error.detail}`);
  const shape = checkMembers(parsed.value);
  if (!shape.ok) return shape;
  const { protected: encodedHeader, payload: encodedPayload, signature: encodedSignature } = shape.value;
  const header = parseProtectedHeader(encodedHeader);
  if (!header.ok) return header;
  const payload = decodeBase64url(encodedPayload);
  const signature = decodeBase64url(encodedSignature);
  if (payload === undefined || signature === undefined) {
    return joseFault('malformed', 'The payload or the signature of the JWS is not base64url without padding.');
  }
  if (signature.length === 0) return joseFault('malformed', 'The signature of the JWS is empty.');
  const signingInput = Buffer.from(`${encodedHeader}.${encodedPayload}`, 'latin1');
  return ok({ header: header.value, payload, signingInput, signature });
}

interface FlattenedMembers {
  readonly protected: string;
  readonly payload: string;
  readonly signature: string;
}

const memberNames = ['protected', 'payload', 'signature'];

function checkMembers(body: JsonObject): Result<FlattenedMembers, JoseFault> {
  for (const name of memberNames) {
    if (!Object.hasOwn(body, name) || typeof body[name] !== 'string') {
      return joseFault('malformed', `The JWS has no member "${name}" that is a string.`);
    }
  }
  if (Object.keys(body).length !== memberNames.length) {
    return joseFault('malformed', 'The JWS may have the members "protected", "payload" and "signature" only.');
  }
  return ok(body as JsonObject & FlattenedMembers);
}
