/** The rooms of the house and who may import whom; docs/architecture.md says why. */

export interface Room {
  /** Rooms it may import beside itself. */
  readonly may: readonly string[];
  /** Packages of others that it may import. */
  readonly packages?: readonly string[];
  /** `all`, or the only `node:` modules it may import. */
  readonly node?: 'all' | readonly string[];
  /** Only types may be exported and imported. */
  readonly typesOnly?: boolean;
}

const coreRooms = ['core', 'core/time', 'core/codec', 'core/http', 'core/jose', 'core/x509'];
const domain = { may: [...coreRooms, 'server/ports'] };
const adapter = { may: [...coreRooms, 'server/ports'], node: 'all' } as const;
const adapters = ['store', 'jobs', 'net', 'keys', 'config', 'telemetry', 'audit'].map((name) => `server/${name}`);
const domains = ['server/oauth', 'server/acme', 'server/ca'];

/** Every room by name: `<package>/<first folder>`, or `<package>` for files beside the folders. */
export const rooms: Readonly<Record<string, Room>> = {
  core: { may: ['core/time'] },
  'core/time': { may: [] },
  'core/codec': { may: ['core', 'core/time'] },
  'core/http': { may: ['core', 'core/time', 'core/codec'] },
  'core/jose': { may: ['core', 'core/time', 'core/codec'] },
  'core/x509': { may: ['core', 'core/time', 'core/codec', 'core/jose'] },
  'server/ports': { may: coreRooms, typesOnly: true },
  'server/oauth': domain,
  'server/acme': domain,
  'server/ca': domain,
  'server/store': { ...adapter, packages: ['pg'] },
  'server/jobs': adapter,
  'server/net': adapter,
  'server/keys': adapter,
  'server/config': { ...adapter, packages: ['zod', 'yaml'] },
  'server/telemetry': { ...adapter, packages: ['pino'] },
  'server/audit': adapter,
  'server/http': { may: [...coreRooms, 'server/ports', ...domains], node: 'all' },
  'server/main': { may: [...coreRooms, 'server/ports', ...domains, ...adapters, 'server/http'], node: 'all' },
  'server/cli': {
    may: [...coreRooms, 'server/ports', ...domains, ...adapters, 'server/http', 'server/main'],
    node: 'all',
  },
};

/** Files that may use `node:crypto`: the one door of core, and the adapters that hand keys to TLS and to disk. */
export const cryptoDoors = [/^packages\/core\/src\/crypto\.ts$/, /^packages\/server\/src\/(keys|net)\//];

/** The room of a file; `undefined` for files outside the packages, which may import everything. */
export function roomOf(path: string): string | undefined {
  const match = /^packages\/([^/]+)\/src\/(?:([^/]+)\/)?[^/]*/.exec(path);
  if (match === null) return undefined;
  return match[2] === undefined ? match[1] : `${match[1]}/${match[2]}`;
}
