/** Mistakes between options that are each right by themselves. */

import type { Settings } from './schema.ts';
import { formatHostPort, type HostPort, isLoopback } from './values.ts';

export interface Conflict {
  /** The option to change, first, and the others that take part. */
  readonly paths: readonly [string, ...string[]];
  /** Completes "expected …". */
  readonly expected: string;
  /** Whether the value of the first option helps to understand. */
  readonly show: boolean;
}

/** Every contradiction in settings that passed the schema. */
export function findConflicts(settings: Settings): readonly Conflict[] {
  return [
    ...tlsConflicts(settings),
    ...portConflicts(settings),
    ...keyConflicts(settings),
    ...otherConflicts(settings),
  ];
}

function* tlsConflicts({ tls, issuer }: Settings): Iterable<Conflict> {
  for (const name of ['certificateFile', 'keyFile'] as const) {
    const path = `tls.${name}`;
    if (tls.mode === 'files' && tls[name] === undefined) {
      yield { paths: [path, 'tls.mode'], expected: 'a path, because tls.mode is files', show: false };
    }
    if (tls.mode !== 'files' && tls[name] !== undefined) {
      yield { paths: [path, 'tls.mode'], expected: `nothing, because tls.mode is ${tls.mode}, not files`, show: true };
    }
  }
  if (tls.mode === 'off' && issuer === undefined) {
    const expected = 'the address that the proxy in front answers on, because tls.mode is off';
    yield { paths: ['issuer', 'tls.mode'], expected, show: false };
  }
}

function* portConflicts({ listen, http, metrics }: Settings): Iterable<Conflict> {
  const taken: (readonly [string, HostPort])[] = [['listen', listen]];
  const others = [
    ['http.listen', http.listen ?? { host: listen.host, port: 8480 }],
    ['metrics.listen', metrics.listen],
  ] as const;
  for (const [path, address] of others) {
    if (address === 'off' || address.port === 0) continue;
    const other = taken.find(([, { host, port }]) => host === address.host && port === address.port);
    if (other !== undefined) {
      const expected = `another port than ${formatHostPort(address)}, which ${other[0]} has`;
      yield { paths: [path, other[0]], expected, show: false };
    }
    taken.push([path, address]);
  }
}

function* keyConflicts({ keys }: Settings): Iterable<Conflict> {
  if (keys.passphrase !== undefined && keys.passphraseFile !== undefined) {
    const expected = 'nothing, because the environment gives the passphrase (TEGATA_PASSPHRASE)';
    yield { paths: ['keys.passphraseFile', 'keys.passphrase'], expected, show: true };
  }
  if (keys.publishAhead >= keys.rotateEvery) {
    yield { paths: ['keys.publishAhead', 'keys.rotateEvery'], expected: 'less than keys.rotateEvery', show: true };
  }
}

function* otherConflicts({ listen, acme, oauth, sessions }: Settings): Iterable<Conflict> {
  if (acme.validation.alwaysValid && !isLoopback(listen.host)) {
    const expected = 'false while listen is not a loopback address: it would give anybody a certificate for any name';
    yield { paths: ['acme.validation.alwaysValid', 'listen'], expected, show: true };
  }
  if (oauth.refreshIdleLifetime > oauth.refreshAbsoluteLifetime) {
    const paths = ['oauth.refreshIdleLifetime', 'oauth.refreshAbsoluteLifetime'] as const;
    yield { paths, expected: 'at most oauth.refreshAbsoluteLifetime', show: true };
  }
  if (sessions.idleLifetime > sessions.absoluteLifetime) {
    const paths = ['sessions.idleLifetime', 'sessions.absoluteLifetime'] as const;
    yield { paths, expected: 'at most sessions.absoluteLifetime', show: true };
  }
}
