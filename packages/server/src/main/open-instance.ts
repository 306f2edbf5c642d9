/** Opens what every command and the server itself need: data folder, store and keys, in this order. */
import type { Random } from '@tegata/core/random';
import { fail, ok, type Result } from '@tegata/core/result';
import type { Clock } from '@tegata/core/time/clock';
import { hour } from '@tegata/core/time/duration';
import type { Config } from '../config/config.ts';
import { ensureDataFolder } from '../keys/data-folder.ts';
import { type ManagedKeyRing, openKeyRing } from '../keys/key-ring.ts';
import { chooseKeySource, type KeySource } from '../keys/key-source.ts';
import { unlockKeys } from '../keys/unlock.ts';
import { createKeyVault } from '../keys/vault.ts';
import type { KeyWrapping } from '../keys/wrapping.ts';
import type { KeyVault } from '../ports/key-vault.ts';
import type { Log } from '../ports/log.ts';
import type { Store } from '../ports/store.ts';
import { openStore } from '../store/open-store.ts';
import { describeClockFault } from './clock-check.ts';
import type { StartupFault } from './startup-fault.ts';

export interface InstanceDeps {
  readonly clock: Clock;
  readonly random: Random;
  /** `$CREDENTIALS_DIRECTORY` of systemd. */
  readonly credentialsDirectory?: string;
  /** Hears of connections that the store loses. */
  readonly log?: Log;
}

/** An installation that is open: close the store when done. */
export interface Instance {
  readonly store: Store;
  readonly keySource: KeySource;
  readonly wrapping: KeyWrapping;
  readonly vault: KeyVault;
  readonly keyRing: ManagedKeyRing;
}

/** Opens, and at the first start creates, the data folder, the store and its keys. */
export async function openInstance(config: Config, deps: InstanceDeps): Promise<Result<Instance, StartupFault>> {
  const folder = await ensureDataFolder(config.data);
  if (!folder.ok) return fail({ code: 'data', detail: folder.error.detail });
  const opened = await openStore(storeUrl(config), deps);
  if (!opened.ok) return fail({ code: 'store', detail: `${opened.error.message} ${opened.error.remedy}` });
  const store = opened.value;
  const keys = await openKeys(config, store, deps);
  if (!keys.ok) await store.close();
  return keys;
}

async function openKeys(config: Config, store: Store, deps: InstanceDeps): Promise<Result<Instance, StartupFault>> {
  const { clock, random } = deps;
  const clockFault = describeClockFault(clock.now(), await newestTrace(store));
  if (clockFault !== undefined) return fail({ code: 'clock', detail: clockFault });
  const source = await chooseKeySource(keySourceOptions(config, deps));
  if (!source.ok) return fail({ code: 'keys', detail: source.error.detail });
  const unlocked = await unlockKeys(source.value, store.keys, random);
  if (!unlocked.ok) return fail({ code: 'keys', detail: unlocked.error.detail });
  const wrapping = unlocked.value;
  const vault = createKeyVault({ store: store.keys, wrapping, clock });
  const keyRing = await openKeyRing({ store: store.keys, wrapping, policy: rotationPolicy(config), clock, random });
  return ok({ store, keySource: source.value, wrapping, vault, keyRing });
}

/** The latest time that the store carries in something that never lies in the future. */
async function newestTrace(store: Store): Promise<number> {
  const keys = await store.keys.list();
  const [lastEvent] = (await store.audit.list({ limit: 1 })).items;
  return Math.max(0, lastEvent?.at ?? 0, ...keys.map((key) => key.createdAt));
}

function storeUrl({ store }: Config): string {
  return store.engine === 'sqlite' ? `sqlite:${store.path}` : store.url.reveal();
}

function keySourceOptions(config: Config, { credentialsDirectory }: InstanceDeps) {
  const { passphrase, passphraseFile } = config.keys;
  return {
    dataFolder: config.data,
    ...(passphraseFile === undefined ? {} : { passphraseFile }),
    ...(passphrase === undefined ? {} : { passphrase: { value: passphrase.reveal(), variable: 'TEGATA_PASSPHRASE' } }),
    ...(credentialsDirectory === undefined ? {} : { credentialsDirectory }),
  };
}

function rotationPolicy({ keys, oauth }: Config) {
  return {
    algorithms: ['ES256', 'RS256'] as const,
    rotateAfter: keys.rotateEvery,
    publishAhead: keys.publishAhead,
    keepPublished: Math.max(oauth.accessTokenLifetime, oauth.idTokenLifetime) + hour,
  };
}
