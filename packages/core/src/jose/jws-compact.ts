/**
 * JWS in compact serialisation: three base64url segments and nothing else.
 * @spec RFC 7515 §7.1
 * @spec RFC 8725 §3.7
 */
import { decodeBase64url } from '../codec/base64url.ts';
import { ok, type Result } from '../result.ts';
import { type JoseFault, joseFault } from './errors.ts';
import type { ParsedJws } from './jws.ts';
import { parseProtectedHeader } from './protected-header.ts';

export interface JwsLimits {
  /** Longest accepted token in characters. Default 16,384. */
  readonly maximumLength?: number;
}

const defaultMaximumLength = 16_384;

/** Reads a token without verifying it. Refuses an empty signature and the five segments of a JWE; the payload may be any bytes. */
export function parseCompact(token: string, limits: JwsLimits = {}): Result<ParsedJws, JoseFault> {
  const maximumLength = limits.maximumLength ?? defaultMaximumLength;
  if (token.length > maximumLength)
    return joseFault('malformed', `The token is longer than ${maximumLength} characters.`);
  const first = token.indexOf('.');
  const second = token.indexOf('.', first + 1);
  if (first < 1 || second < 0 || token.indexOf('.', second + 1) !== -1) {
    return joseFault('malformed', 'The token does not consist of three segments with dots between them.');
  }
  const header = parseProtectedHeader(token.slice(0, first));
  if (!header.ok) return header;
  const payload = decodeBase64url(token.slice(first + 1, second));
  const signature = decodeBase64url(token.slice(second + 1));
  if (payload === undefined || signature === undefined) {
    return joseFault('malformed', 'The payload or the signature of the token is not base64url without padding.');
  }
  if (signature.length === 0) return joseFault('malformed', 'The signature of the token is empty.');
  return ok({ header: header.value, payload, signingInput: Buffer.from(token.slice(0, second), 'latin1'), signature });
}
