/**
 * JWK Sets: the public keys of a client.
 * @spec RFC 7517 §5
 */
import { isJsonObject, type JsonObject, type JsonValue } from '../codec/json.ts';
import { ok, type Result } from '../result.ts';
import { type JoseFault, joseFault } from './errors.ts';
import { type PublicKey, parsePublicJwk } from './jwk.ts';

export interface JwksLimits {
  /** Most accepted keys, unsupported ones included. Default 20: each costs an import, and a signature without `kid` may try them all. */
  readonly maximumKeys?: number;
}

const defaultMaximumKeys = 20;

/**
 * Reads `{"keys": […]}`. Keys of a kind that is not offered are left out, as the standard asks; a key that is wrong in itself (private,
 * symmetric, off its curve, ill encoded) or shares its `kid` with another of its type fails the whole set, so that its owner learns of it.
 */
export function parseJwks(value: JsonObject, limits: JwksLimits = {}): Result<readonly PublicKey[], JoseFault> {
  const maximumKeys = limits.maximumKeys ?? defaultMaximumKeys;
  const members = value.keys;
  if (!isArray(members)) return joseFault('malformed', 'The JWK Set has no member "keys" that is an array.');
  if (members.length > maximumKeys) return joseFault('malformed', `The JWK Set has more than ${maximumKeys} keys.`);
  const keys: PublicKey[] = [];
  for (const [index, member] of members.entries()) {
    if (!isJsonObject(member)) return joseFault('malformed', `Key ${index} of the JWK Set is not an object.`);
    const key = parsePublicJwk(member);
    if (key.ok) {
      const { kid } = key.value.jwk;
      if (kid !== undefined && keys.some((other) => other.jwk.kid === kid && other.type === key.value.type)) {
        return joseFault('malformed', `Key ${index} of the JWK Set has the "kid" of an earlier key.`);
      }
      keys.push(key.value);
    } else if (key.error.code !== 'unsupported_key') {
      return joseFault(key.error.code, `Key ${index} of the JWK Set is not usable. ${key.error.detail}`);
    }
  }
  return ok(keys);
}

function isArray(value: JsonValue | undefined): value is readonly JsonValue[] {
  return Array.isArray(value);
}
