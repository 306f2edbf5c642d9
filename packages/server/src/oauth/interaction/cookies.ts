/**
 * Cookies of these pages: bound to this very host, out of reach of scripts, sent over TLS only.
 * @spec RFC 6265 §4.1
 * @spec RFC 6265 §5.4
 */

/** Names start with `__Host-`, which browsers tie to Secure, Path=/ and no Domain: no neighbouring host can set them. */
export type CookieName = '__Host-tegata-session' | '__Host-tegata-browser' | '__Host-tegata-language';

const longestHeader = 8192;

/** Value of a cookie of the request; the first one if it occurs twice. */
export function readCookie(header: string | undefined, name: CookieName): string | undefined {
  if (header === undefined || header.length > longestHeader) return undefined;
  for (const pair of header.split(';')) {
    const equals = pair.indexOf('=');
    if (equals > 0 && pair.slice(0, equals).trim() === name) return pair.slice(equals + 1).trim();
  }
  return undefined;
}

/**
 * Value of a Set-Cookie header. Lax and not Strict, so that a user who comes from a client is still signed in.
 * @param maxAge seconds; without it the cookie goes when the browser is closed
 */
export function setCookie(name: CookieName, value: string, maxAge?: number): string {
  const lifetime = maxAge === undefined ? '' : `; Max-Age=${maxAge}`;
  return `${name}=${value}; Path=/; Secure; HttpOnly; SameSite=Lax${lifetime}`;
}

/** Value of a Set-Cookie header that ends the cookie. */
export function clearCookie(name: CookieName): string {
  return setCookie(name, '', 0);
}
