/**
 * Headers on every answer, whatever the endpoint: content is what it says it is, and this host is for TLS only.
 * @spec RFC 6797 §6.1
 */

const oneYearInSeconds = 31_536_000;

/**
 * Names and values in turn.
 * @param strictTransport whether to tell browsers to use TLS only: true for a public host name, false for an IP address,
 *   `localhost` and the plain listener, where it would lock out the neighbours on other ports
 */
export function securityHeaders(strictTransport: boolean): readonly string[] {
  const headers = ['X-Content-Type-Options', 'nosniff'];
  if (strictTransport) headers.push('Strict-Transport-Security', `max-age=${oneYearInSeconds}`);
  return headers;
}
