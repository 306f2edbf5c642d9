/**
 * Redirect URIs: which may be registered, and when a requested one is a registered one.
 * @spec RFC 6749 §3.1.2
 * @spec RFC 8252 §7
 * @spec RFC 9700 §2.1
 * @spec RFC 9700 §4.1.3
 */
import { fail, ok, type Result } from '@tegata/core/result';

/** OpenID Connect registration's `application_type`. */
export type ApplicationType = 'web' | 'native';

const longestUri = 2000;
const loopbackHosts = ['127.0.0.1', '[::1]'];
const uriCharacters = /^[\x21\x23-\x3b\x3d\x3f-\x5b\x5d\x5f\x61-\x7a\x7e]+$/;
/** A reversed domain name, so never a scheme that browsers run or show, such as javascript or data (RFC 8252 section 7.1). */
const privateUseScheme = /^[a-z][a-z0-9+-]*(?:\.[a-z0-9+-]+)+$/;
const dotSegment = /(?:^|\/)(?:\.|%2e){1,2}(?:\/|$)/i;

/**
 * Whether `uri` may be registered as a redirect URI; the failure is a sentence about it.
 * Web clients: https. Native clients: https, a private-use scheme with a dot, or http on 127.0.0.1 or [::1].
 */
export function checkRedirectUri(uri: string, applicationType: ApplicationType): Result<void, string> {
  if (uri.length > longestUri) return fail(`is longer than ${longestUri} characters`);
  if (!uriCharacters.test(uri)) return fail('has characters that a URI must not contain');
  if (uri.includes('#')) return fail('has a fragment');
  const url = URL.canParse(uri) ? new URL(uri) : undefined;
  if (url === undefined) return fail('is not an absolute URI');
  if (url.username !== '' || url.password !== '') return fail('has user information');
  if (dotSegment.test(uri.slice(uri.indexOf(':') + 1).split('?', 1)[0] ?? ''))
    return fail('has . or .. as a path segment');
  if (url.protocol === 'https:') return uri.startsWith(`https://${url.hostname}`) ? ok() : fail(notCanonical);
  if (url.protocol === 'http:') return checkLoopback(uri, applicationType);
  if (applicationType === 'native' && privateUseScheme.test(uri.slice(0, uri.indexOf(':')))) return ok();
  return fail(
    applicationType === 'native'
      ? 'has a scheme that is neither https nor a private-use one with a dot, such as com.example.app:/callback'
      : 'is not an https URI; private-use schemes and loopback addresses need application_type native',
  );
}

const notCanonical = 'has a scheme or host that is not in its canonical, lower-case form';

function checkLoopback(uri: string, applicationType: ApplicationType): Result<void, string> {
  if (applicationType === 'native' && splitLoopback(uri) !== undefined) return ok();
  return fail(
    applicationType === 'native'
      ? 'is an http URI whose host is neither 127.0.0.1 nor [::1]'
      : 'is not an https URI; http is for native clients on a loopback address',
  );
}

/**
 * The registered URI that `requested` stands for, or `undefined`. Equality of strings, apart from the port of a loopback URI that a
 * native client registered.
 */
export function matchRedirectUri(
  registered: readonly string[],
  requested: string,
  applicationType: ApplicationType,
): string | undefined {
  if (registered.includes(requested)) return requested;
  if (applicationType !== 'native') return undefined;
  const wanted = splitLoopback(requested);
  if (wanted === undefined) return undefined;
  return registered.find((uri) => {
    const known = splitLoopback(uri);
    return known !== undefined && known.host === wanted.host && known.rest === wanted.rest;
  });
}

/** Host and everything after the port of `http://<loopback address>[:port]…`; `undefined` for other URIs. */
function splitLoopback(uri: string): { readonly host: string; readonly rest: string } | undefined {
  for (const host of loopbackHosts) {
    const start = `http://${host}`;
    if (!uri.startsWith(start)) continue;
    const match = /^(?::([0-9]{1,5}))?((?:[/?].*)?)$/.exec(uri.slice(start.length));
    if (match !== null && Number(match[1] ?? 80) <= 65_535) return { host, rest: match[2] ?? '' };
  }
  return undefined;
}
