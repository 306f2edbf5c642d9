/** Checks of what the server keeps: database, keys, clock, certificates. */
import { existsSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { systemRandom } from '@tegata/core/random';
import { unwrap } from '@tegata/core/result';
import { type Instant, systemClock } from '@tegata/core/time/clock';
import { day } from '@tegata/core/time/duration';
import { parseCertificate } from '@tegata/core/x509/certificate';
import type { Config } from '../../config/config.ts';
import { openInstance } from '../../main/open-instance.ts';
import type { Store } from '../../ports/store.ts';
import type { KeyPurpose } from '../../ports/stores/keys.ts';
import type { Io } from '../io.ts';
import { bad, type Finding, warn, well } from './finding.ts';

/** Opens everything as the server would, and looks at the dates of its certificates. Makes nothing that is not there yet. */
export async function checkInstallation(config: Config, io: Io): Promise<readonly Finding[]> {
  const { store: location } = config;
  if (location.engine === 'sqlite') {
    if (!existsSync(location.path)) return [well('database', `${location.path} is made at the first start`)];
    const damage = checkFile(location.path);
    if (damage !== undefined) return [damage];
  }
  const credentialsDirectory = io.environment.CREDENTIALS_DIRECTORY;
  const opened = await openInstance(config, {
    clock: systemClock,
    random: systemRandom(),
    ...(credentialsDirectory === undefined ? {} : { credentialsDirectory }),
  });
  if (!opened.ok)
    return [bad(names[opened.error.code], opened.error.detail, 'The server does not start until this is put right.')];
  const { store, keySource } = opened.value;
  try {
    await store.ping();
    const source =
      keySource.kind === 'file' ? `opened with the key file ${keySource.path}` : `opened with ${keySource.origin}`;
    return [
      well('database', location.engine === 'sqlite' ? `${location.path} is sound` : 'PostgreSQL answers'),
      well('keys', source),
      well('clock', new Date(systemClock.now()).toISOString()),
      ...(await checkCertificates(store, systemClock.now())),
    ];
  } finally {
    await store.close();
  }
}

const names = {
  data: 'data folder',
  store: 'database',
  keys: 'keys',
  clock: 'clock',
  listen: 'listen',
  tls: 'certificate',
} as const;

function checkFile(path: string): Finding | undefined {
  const remedy = 'Stop the server, keep a copy of the data folder, and restore the newest backup.';
  try {
    const database = new DatabaseSync(path, { readOnly: true, timeout: 5_000 });
    try {
      const [row] = database.prepare('PRAGMA quick_check(1)').all();
      const found = Object.values(row ?? {})[0];
      return found === 'ok' ? undefined : bad('database', `${path} is damaged: ${found}`, remedy);
    } finally {
      database.close();
    }
  } catch (error) {
    return bad('database', `${path} cannot be read: ${(error as Error).message}`, remedy);
  }
}

const purposes: readonly (readonly [KeyPurpose, string, number])[] = [
  ['root-ca', 'root certificate', 180 * day],
  ['issuing-ca', 'issuing certificate', 60 * day],
  ['tls', 'own certificate', 7 * day],
];

async function checkCertificates(store: Store, now: Instant): Promise<readonly Finding[]> {
  const findings: Finding[] = [];
  for (const [purpose, name, ahead] of purposes) {
    const ends = (await store.keys.list(purpose)).flatMap(({ certificate }) =>
      certificate === undefined ? [] : [unwrap(parseCertificate(certificate)).notAfter],
    );
    if (ends.length === 0) continue;
    const last = Math.max(...ends);
    const detail = `valid until ${new Date(last).toISOString().slice(0, 10)}`;
    const remedy = 'A running server renews its certificates by itself: start it, and look into its log.';
    if (last <= now) findings.push(bad(name, `expired: ${detail}`, remedy));
    else findings.push(last - now < ahead ? warn(name, detail, remedy) : well(name, detail));
  }
  return findings;
}
