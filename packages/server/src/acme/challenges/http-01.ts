/**
 * Challenge `http-01`: a file on the host's web server, fetched over plain HTTP, redirects followed under tight rules.
 * @spec RFC 8555 §8.3
 * @spec RFC 8555 §10.4
 */
import { decodeUtf8 } from '@tegata/core/codec/utf8';
import { ok, type Result } from '@tegata/core/result';
import type { HttpProbeResponse } from '../../ports/probes.ts';
import type { ChallengeType, ValidationFault } from './challenge-type.ts';
import { incorrect, unreached } from './probe-fault.ts';

const redirectStatuses: readonly number[] = [301, 302, 307, 308];
const maximumRedirects = 10;
const maximumBodyBytes = 1024;
const maximumLocationLength = 2048;

export const http01: ChallengeType = {
  type: 'http-01',
  identifiers: ['dns'],
  wildcard: false,
  async validate(task, probes, signal) {
    let url = new URL(`http://${task.identifier}/.well-known/acme-challenge/${task.token}`);
    for (let redirects = 0; redirects <= maximumRedirects; redirects++) {
      const fetched = await probes.fetchHttp(url, maximumBodyBytes, signal);
      if (!fetched.ok) return unreached(fetched.error);
      if (!redirectStatuses.includes(fetched.value.status)) {
        return checkResponse(fetched.value, task.keyAuthorization, url);
      }
      const next = readRedirect(fetched.value.headers.location, url);
      if (!next.ok) return next;
      url = next.value;
    }
    return incorrect(`The host redirected more than ${maximumRedirects} times.`);
  },
};

function checkResponse(response: HttpProbeResponse, expected: string, url: URL): Result<void, ValidationFault> {
  const place = shorten(url.href);
  if (response.status !== 200) return incorrect(`${place} answered with status ${response.status} instead of 200.`);
  if (response.truncated) {
    return incorrect(`${place} answered with more than ${maximumBodyBytes} bytes, which is no key authorization.`);
  }
  const text = decodeUtf8(response.body);
  if (text?.trimEnd() === expected) return ok();
  // What came instead is not shown: a redirect into a private network would turn this sentence into a window.
  return incorrect(
    `${place} did not answer with the key authorization ${expected}; it answered with ${response.body.length} other bytes.`,
  );
}

/** Where a redirect leads, if we may go there: http or https, on its own port, without credentials. */
function readRedirect(location: string | undefined, from: URL): Result<URL, ValidationFault> {
  const place = shorten(from.href);
  if (location === undefined || location === '') return incorrect(`${place} redirects without saying where to.`);
  if (location.length > maximumLocationLength || !URL.canParse(location, from)) {
    return incorrect(`${place} redirects to something that is not a usable URL.`);
  }
  const next = new URL(location, from);
  const refused = refusalOf(next);
  if (refused !== undefined) return incorrect(`${place} redirects to ${shorten(next.href)}: ${refused}`);
  next.hash = '';
  return ok(next);
}

function refusalOf(url: URL): string | undefined {
  if (url.protocol !== 'http:' && url.protocol !== 'https:') return 'only http and https are followed.';
  if (url.port !== '') return 'only the standard ports 80 and 443 are followed.';
  if (url.username !== '' || url.password !== '') return 'a URL with credentials is not followed.';
  if (url.hostname === '') return 'it names no host.';
  return undefined;
}

function shorten(url: string): string {
  return url.length > 200 ? `${url.slice(0, 200)}…` : url;
}
