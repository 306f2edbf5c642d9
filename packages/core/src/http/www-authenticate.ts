/**
 * Challenges of the WWW-Authenticate header.
 * @spec RFC 9110 §11.6.1
 * @spec RFC 6750 §3
 */

/**
 * One challenge, e.g. `Bearer realm="x", error="invalid_token"`. Parameters that are `undefined` are left out; every value is quoted.
 * Characters that a quoted string cannot carry safely (controls and everything beyond ASCII) become `?`, so no value ends the header.
 */
export function formatChallenge(scheme: string, parameters: Readonly<Record<string, string | undefined>> = {}): string {
  const written = Object.entries(parameters)
    .filter((entry): entry is [string, string] => entry[1] !== undefined)
    .map(([name, value]) => `${name}="${escapeQuoted(value)}"`);
  return written.length === 0 ? scheme : `${scheme} ${written.join(', ')}`;
}

function escapeQuoted(value: string): string {
  return value.replaceAll(/[^\x20-\x7e]/gu, '?').replaceAll(/["\\]/g, '\\$&');
}
