/** The configuration as the rest of the server gets it: complete, consistent and frozen. */
import { join } from 'node:path';
import type { Settings } from './schema.ts';
import { formatHostPort, type HostPort, isLoopback, type StoreLocation } from './values.ts';

/** Options with derived defaults, now filled in. Times are in milliseconds, paths absolute. */
export interface Config extends Omit<Settings, 'issuer' | 'http' | 'store' | 'acme' | 'tls'> {
  /** Absent only when the port is the system's choice: then `issuerFor` tells it once the port is known. */
  readonly issuer: string | undefined;
  readonly http: { readonly listen: HostPort | 'off'; readonly baseUrl: string | undefined };
  readonly tls:
    | { readonly mode: 'own' | 'off' }
    | { readonly mode: 'files'; readonly certificateFile: string; readonly keyFile: string };
  readonly store: StoreLocation;
  readonly acme: Omit<Settings['acme'], 'validation'> & {
    readonly validation: Omit<Settings['acme']['validation'], 'addresses'> & { readonly addresses: readonly string[] };
  };
}

const everywhere = ['0.0.0.0', '::'];

/** The issuer for a server that listens on `port`: the configured one, or one made from the address. */
export function issuerFor(config: Pick<Config, 'issuer' | 'listen'>, port: number): string {
  if (config.issuer !== undefined) return config.issuer;
  const { host } = config.listen;
  const name = everywhere.includes(host) || isLoopback(host) ? 'localhost' : host.toLowerCase();
  return new URL(`https://${formatHostPort({ host: name, port })}`).origin;
}

/** The address of the plain HTTP listener as others see it, for a listener on `port`. */
export function plainBaseUrlFor(config: Pick<Config, 'http'>, issuer: string, port: number): string {
  if (config.http.baseUrl !== undefined) return config.http.baseUrl;
  return new URL(`http://${new URL(issuer).hostname}:${port}`).origin;
}

/** Fills in the derived defaults. The settings must be free of the mistakes that `findConflicts` names. */
export function completeConfig(settings: Settings): Config {
  const { issuer, listen, http, tls, store, acme, data } = settings;
  const complete: Config = {
    ...settings,
    issuer: issuer ?? (listen.port === 0 ? undefined : issuerFor({ issuer: undefined, listen }, listen.port)),
    http: { listen: http.listen ?? { host: listen.host, port: 8480 }, baseUrl: http.baseUrl },
    tls: completeTls(tls),
    store: store.url ?? { engine: 'sqlite', path: join(data, 'tegata.db') },
    acme: { ...acme, validation: { ...acme.validation, addresses: acme.validation.addresses ?? reach(listen) } },
  };
  return freeze(complete);
}

function completeTls({ mode, certificateFile, keyFile }: Settings['tls']): Config['tls'] {
  if (mode !== 'files') return { mode };
  return { mode, certificateFile: certificateFile as string, keyFile: keyFile as string };
}

function reach(listen: HostPort): readonly string[] {
  return isLoopback(listen.host) ? ['public', 'private', 'loopback'] : ['public', 'private'];
}

function freeze<T>(value: T): T {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value;
  for (const member of Object.values(value)) freeze(member);
  return Object.freeze(value);
}
