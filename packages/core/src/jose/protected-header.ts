/**
 * The protected header of a JWS: what both serialisations share, read before anything else is believed.
 * @spec RFC 7515 §4
 * @spec RFC 7797 §3
 * @spec RFC 8725 §3.10
 */
import { decodeBase64url } from '../codec/base64url.ts';
import { type JsonObject, type JsonValue, parseJsonObject } from '../codec/json.ts';
import { ok, type Result } from '../result.ts';
import { type JoseFault, joseFault } from './errors.ts';

/**
 * Members that this server reads are of the right type; all others are the sender's word alone. `jwk`, `jku`, `x5c` and `x5u` are
 * among those: nothing in core ever takes a key from them.
 */
export interface ProtectedHeader extends JsonObject {
  readonly alg: string;
  readonly kid?: string;
  readonly typ?: string;
  readonly cty?: string;
}

/** Parameters that would change how the rest is read, and that no caller asks for. */
const refused = ['crit', 'b64', 'zip', 'enc'];
const texts = ['kid', 'typ', 'cty'];
const limits = { maximumLength: 16_384, maximumDepth: 8 };

/** Reads the encoded header. A `crit` is refused whatever it lists, because no extension is implemented. */
export function parseProtectedHeader(encoded: string): Result<ProtectedHeader, JoseFault> {
  const bytes = decodeBase64url(encoded);
  if (bytes === undefined) return joseFault('malformed', 'The protected header is not base64url without padding.');
  const parsed = parseJsonObject(bytes, limits);
  if (!parsed.ok) return joseFault('malformed', `The protected header cannot be read: ${parsed.error.detail}`);
  const header = parsed.value;
  if (!isText(header.alg)) return joseFault('malformed', 'The protected header has no "alg" member that is a string.');
  for (const name of refused) {
    if (Object.hasOwn(header, name)) {
      return joseFault(
        'unsupported_header',
        `The protected header has the member "${name}", which is not supported here.`,
      );
    }
  }
  for (const name of texts) {
    if (Object.hasOwn(header, name) && !isText(header[name])) {
      return joseFault('malformed', `The member "${name}" of the protected header is not a string.`);
    }
  }
  return ok(header as ProtectedHeader);
}

function isText(value: JsonValue | undefined): boolean {
  return typeof value === 'string';
}
