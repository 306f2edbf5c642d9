/** Under which names clients reach this server: those go into its own TLS certificate. */
import type { AcmeIdentifier } from '../ports/stores/orders.ts';

export interface ServerAddress {
  /** The issuer, whose host clients are configured with. */
  readonly issuer: URL;
  /** The host of the listening address: a name, an address, or one of `0.0.0.0` and `::` for all. */
  readonly listenHost: string;
  /** The machine's own name, used when the server listens on all addresses. */
  readonly hostname: string;
}

const allAddresses: ReadonlySet<string> = new Set(['', '*', '0.0.0.0', '::']);
const loopback = ['localhost', '127.0.0.1', '::1'];

/** Each name once, the issuer's host first: it becomes the common name. */
export function ownNames({ issuer, listenHost, hostname }: ServerAddress): readonly AcmeIdentifier[] {
  const host = bare(listenHost);
  const machine = hostname.toLowerCase();
  const names = [bare(issuer.hostname)];
  if (allAddresses.has(host)) names.push(...loopback, ...(isHostName(machine) ? [machine] : []));
  else if (loopback.includes(host) || host.startsWith('127.')) names.push(...loopback, host);
  else names.push(host);
  return [...new Set(names)].map((value) => ({ type: isAddress(value) ? 'ip' : 'dns', value }));
}

/** Without the brackets that an IPv6 address has in a URL. */
function bare(host: string): string {
  return host.toLowerCase().replace(/^\[(.*)\]$/, '$1');
}

function isAddress(host: string): boolean {
  return host.includes(':') || /^[0-9]+(?:\.[0-9]+){3}$/.test(host);
}

/** What a machine calls itself need not be a host name, and then helps nobody in a certificate. */
function isHostName(name: string): boolean {
  return (
    name.length <= 253 && /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)*$/.test(name)
  );
}
