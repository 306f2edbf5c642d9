/** Kinds of values that options have: each reads what a person writes in a file, a variable or a flag, or says what it expected. */
import { BlockList, isIP } from 'node:net';
import { resolve } from 'node:path';
import { Secret } from '@tegata/core/secret';
import { z } from 'zod';

export interface HostPort {
  /** A name or an address, IPv6 without brackets. */
  readonly host: string;
  /** 0 asks the system for a free one. */
  readonly port: number;
}

/** A value read by `parse`, which answers `undefined` for what it does not understand; `expected` completes "expected …". */
function parsed<T>(expected: string, parse: (input: unknown) => T | undefined) {
  return z.unknown().transform((input, context): T => {
    const value = parse(input);
    if (value !== undefined) return value;
    context.issues.push({ code: 'custom', message: expected, input });
    return z.NEVER;
  });
}

/** Reads `HOST:PORT`, `[IPv6]:PORT` or `:PORT` (every address). */
export function parseHostPort(input: unknown): HostPort | undefined {
  if (typeof input !== 'string') return undefined;
  const match = /^(?:\[([0-9a-f:.]+)\]|([a-z0-9._-]*)):(\d{1,5})$/i.exec(input);
  if (match === null) return undefined;
  const [, address, name, port] = match;
  if (address !== undefined && isIP(address) !== 6) return undefined;
  if (Number(port) > 65_535) return undefined;
  return { host: address ?? (name || '::'), port: Number(port) };
}

/** Writes what `parseHostPort` reads. */
export function formatHostPort({ host, port }: HostPort): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}

/** An address to listen on. */
export const hostPort = parsed('HOST:PORT, such as localhost:8443, 0.0.0.0:8443 or "[::1]:8443"', parseHostPort);

/** An address to listen on, or `off`. */
export const hostPortOrOff = parsed(
  'HOST:PORT or off',
  // YAML 1.2 reads off as text, but people who know YAML 1.1 may see false printed and write that.
  (input): HostPort | 'off' | undefined => (input === 'off' || input === false ? 'off' : parseHostPort(input)),
);

const units: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};

/** A length of time, in milliseconds, between two such texts (both included). */
export function duration(least: string, most: string) {
  const [from, to] = [parseDuration(least), parseDuration(most)];
  return parsed(`a time from ${least} to ${most}, such as 90s, 15m, 12h or 30d`, (input) => {
    const value = parseDuration(input);
    return value !== undefined && from !== undefined && to !== undefined && value >= from && value <= to
      ? value
      : undefined;
  });
}

function parseDuration(input: unknown): number | undefined {
  const match = typeof input === 'string' ? /^(\d{1,9})(ms|s|m|h|d)$/.exec(input) : null;
  return match === null ? undefined : Number(match[1]) * (units[match[2] ?? ''] ?? Number.NaN);
}

/** A whole number between two bounds, both included. */
export function whole(least: number, most: number) {
  return parsed(`a whole number from ${least} to ${most}`, (input) => {
    const value = typeof input === 'string' && /^\d{1,15}$/.test(input) ? Number(input) : input;
    return Number.isSafeInteger(value) && (value as number) >= least && (value as number) <= most
      ? (value as number)
      : undefined;
  });
}

/** Yes or no. */
export const flag = parsed('true or false', (input) =>
  input === true || input === 'true' ? true : input === false || input === 'false' ? false : undefined,
);

/** One of some words. */
export function oneOf<const W extends string>(...words: readonly W[]) {
  return parsed(words.join(', ').replace(/, ([^,]*)$/, ' or $1'), (input) =>
    words.find((word) => word === input || (word === 'off' && input === false)),
  );
}

/** A file or folder; relative ones are taken from the working directory. */
export const path = parsed('the path of a file or folder', (input) =>
  typeof input === 'string' && input !== '' && !input.includes('\0') ? resolve(input) : undefined,
);

/** A text that is never shown. */
export const secretText = parsed('a text of at least 12 characters', (input) =>
  typeof input === 'string' && input.length >= 12 ? new Secret(input) : undefined,
);

/** An absolute URL without user, query and fragment, and without a slash at its end. */
export function baseUrl(...schemes: readonly ('https' | 'http')[]) {
  const expected = `an ${schemes.join(' or ')} URL without query, fragment and final slash`;
  return parsed(expected, (input) => {
    const url = typeof input === 'string' && URL.canParse(input) ? new URL(input) : undefined;
    if (url === undefined || !schemes.some((scheme) => url.protocol === `${scheme}:`)) return undefined;
    if (url.username !== '' || url.password !== '') return undefined;
    // Comparing with the parsed form also refuses upper-case hosts, default ports, dot segments, `?` and `#`.
    const canonical = url.pathname === '/' ? url.origin : url.origin + url.pathname;
    return input === canonical && !canonical.endsWith('/') ? canonical : undefined;
  });
}

/** A web page. */
export const webPage = parsed('an https or http URL', (input) =>
  typeof input === 'string' && URL.canParse(input) && /^https?:$/.test(new URL(input).protocol) ? input : undefined,
);

/** Several values: a list in the file, or one text with commas. */
export function list<T>(expected: string, parse: (item: string) => T | undefined) {
  return parsed(`a list of ${expected}`, (input): readonly T[] | undefined => {
    const items = typeof input === 'string' ? input.split(',').map((item) => item.trim()) : input;
    if (!Array.isArray(items)) return undefined;
    const given = items.filter((item) => item !== '');
    const values = given.map((item) => (typeof item === 'string' ? parse(item) : undefined));
    return values.every((value) => value !== undefined) ? (values as T[]) : undefined;
  });
}

/** An address or an address range, e.g. `10.0.0.0/8`, `::1`. */
export function parseRange(input: string): string | undefined {
  const [address = '', prefix, ...rest] = input.split('/');
  const version = isIP(address);
  if (version === 0 || rest.length > 0 || address.includes('%')) return undefined;
  if (prefix === undefined) return input;
  if (!/^\d{1,3}$/.test(prefix) || Number(prefix) > (version === 4 ? 32 : 128)) return undefined;
  return input;
}

/** Whether a host to listen on can only be reached from this machine. */
export function isLoopback(host: string): boolean {
  if (host === 'localhost' || host.endsWith('.localhost')) return true;
  const version = isIP(host);
  if (version === 0) return false;
  const loopback = new BlockList();
  loopback.addSubnet('127.0.0.0', 8, 'ipv4');
  loopback.addAddress('::1', 'ipv6');
  return loopback.check(host, version === 4 ? 'ipv4' : 'ipv6');
}

/** Where the store is. */
export type StoreLocation =
  | { readonly engine: 'sqlite'; readonly path: string }
  | { readonly engine: 'postgres'; readonly url: Secret };

/** `sqlite:<path>` or `postgres://…`. */
export const storeUrl = parsed(
  'sqlite:<path> or postgres://user:password@host:port/database',
  (input): StoreLocation | undefined => {
    if (typeof input !== 'string') return undefined;
    if (/^sqlite:[^\0]+$/.test(input)) {
      const file = input.slice('sqlite:'.length);
      return { engine: 'sqlite', path: file === ':memory:' ? file : resolve(file) };
    }
    if (!/^postgres(ql)?:\/\//.test(input) || !URL.canParse(input)) return undefined;
    return { engine: 'postgres', url: new Secret(input) };
  },
);
