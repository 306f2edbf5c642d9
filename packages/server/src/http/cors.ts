/** Cross-origin rules, derived from what each endpoint declares: open without credentials, or closed. */
import type { HttpResponse } from '@tegata/core/http/message';
import type { Endpoint } from '../ports/endpoint.ts';

const openHeaders: readonly string[] = [
  'Access-Control-Allow-Origin',
  '*',
  'Access-Control-Expose-Headers',
  'Link, Location, Replay-Nonce, Retry-After, WWW-Authenticate',
];
const noHeaders: readonly string[] = [];

/** Headers to add to an answer of `endpoint`; none when the caller is not a script of another origin. */
export function corsHeaders(endpoint: Endpoint, origin: string | undefined): readonly string[] {
  return endpoint.cors === 'any' && origin !== undefined ? openHeaders : noHeaders;
}

/** Answer to a preflight (OPTIONS) for the endpoints at one path; `undefined` when none of them is open. */
export function answerPreflight(endpoints: readonly Endpoint[]): HttpResponse | undefined {
  const open = endpoints.filter((endpoint) => endpoint.cors === 'any');
  if (open.length === 0) return undefined;
  const methods = [...new Set(open.flatMap((endpoint) => endpoint.methods))];
  return {
    status: 204,
    headers: [
      'Access-Control-Allow-Origin',
      '*',
      'Access-Control-Allow-Methods',
      methods.join(', '),
      'Access-Control-Allow-Headers',
      'Authorization, Content-Type, DPoP',
      'Access-Control-Max-Age',
      '7200',
    ],
  };
}
