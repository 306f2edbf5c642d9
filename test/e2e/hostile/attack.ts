/** What a hostile request is, and the material that most of them are made of. */
import type { Endpoint } from '@tegata/server/ports/endpoint';
import type { RawRequest } from './raw-http.ts';

/**
 * What has to come back. `refused`: a status of 400 to 499 in the endpoint's own format. `answered`: that, or a success that changes
 * nothing. `unreadable`: what is no HTTP, or ends too early, may be refused before any endpoint is known, or by closing.
 */
export type Expectation = 'refused' | 'answered' | 'unreadable';

export interface Attack {
  readonly name: string;
  /** Made when it is sent, where it needs something fresh such as a nonce. */
  readonly request: RawRequest | (() => Promise<RawRequest>);
  readonly expect: Expectation;
  /** The exact status, where the standards leave no choice. */
  readonly status?: number;
}

/** An endpoint under attack. */
export interface Target {
  readonly endpoint: Endpoint;
  /** Its path with parameters that exist, so that the first hurdle is taken. */
  readonly path: string;
  /** Every method that any endpoint at this path answers. */
  readonly methods: readonly string[];
  /** Authorization field that the endpoint accepts; `undefined` where it takes none. */
  readonly authorization: string | undefined;
}

export const long = 'a'.repeat(9_000);

/** Texts for where another text is expected. */
export const texts: readonly string[] = [
  '',
  ' ',
  '0',
  '-1',
  'é',
  '\u0000',
  '\u202e\u{1f480}',
  '\r\nX-Injected: yes\r\n\r\n<html>',
  '"><script>alert(1)</script>',
  "' OR '1'='1",
  '%',
  '%00%zz',
  '\\',
  '[]',
  '{"a":1}',
  '../../../../etc/passwd',
  '__proto__',
  'constructor',
  'https://evil.example/\r\nX-Injected: yes',
  'javascript:alert(1)',
  'a.b.c',
  'eyJhbGciOiJub25lIn0.e30.',
  `${'0'.repeat(21)}.${'A'.repeat(32)}`,
  long,
];

/** The Content-Type field of the endpoint's own media type. */
export function typeOf({ endpoint }: Target): readonly [string, string][] {
  const { mediaType } = endpoint.body;
  return mediaType === undefined ? [] : [['Content-Type', mediaType]];
}

/** The Authorization field that the endpoint accepts. */
export function credentialsOf({ authorization }: Target): readonly [string, string][] {
  return authorization === undefined ? [] : [['Authorization', authorization]];
}

/** A method with a body where the endpoint has one. */
export function writingMethod({ endpoint }: Target): string {
  return endpoint.methods.find((method) => method === 'POST' || method === 'PUT') ?? (endpoint.methods[0] as string);
}

/** Shortens what is shown of a value. */
export function shown(value: string): string {
  return JSON.stringify(value.length > 30 ? `${value.slice(0, 30)}…` : value);
}
