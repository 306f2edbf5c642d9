/** Opens the store's keys: finds or makes the key-encryption key and proves that it is the one the store was written with. */
import { decodeBase64url, encodeBase64url } from '@tegata/core/codec/base64url';
import { open, seal } from '@tegata/core/codec/sealed';
import { encodeUtf8 } from '@tegata/core/codec/utf8';
import type { Random } from '@tegata/core/random';
import { fail, ok, type Result } from '@tegata/core/result';
import type { KeyStore } from '../ports/stores/keys.ts';
import type { KeyFault } from './key-fault.ts';
import { createKeyFile, readKeyFile } from './key-file.ts';
import type { KeySource } from './key-source.ts';
import { deriveFromPassphrase, saltLength } from './passphrase.ts';
import { createKeyWrapping, type KeyWrapping } from './wrapping.ts';

/** What the store remembers about its key: which kind, the salt of a passphrase, and a box that only the right key opens. */
interface KeyMark {
  readonly kind: KeySource['kind'];
  /** Empty for a key file. */
  readonly salt: Uint8Array;
  readonly check: Uint8Array;
}

const settingName = 'key-encryption';
const checkContext = 'tegata/key-encryption/check';

/**
 * Makes the store's private keys usable. At the first start writes the key's mark to the store (and the key file to the disk);
 * with a wrong or missing key writes nothing at all.
 */
export async function unlockKeys(
  source: KeySource,
  store: Pick<KeyStore, 'setting' | 'putSettingOnce'>,
  random: Random,
): Promise<Result<KeyWrapping, KeyFault>> {
  const stored = await store.setting(settingName);
  if (stored !== undefined) return unlockWith(source, stored, random);
  const salt = source.kind === 'passphrase' ? random.bytes(saltLength) : new Uint8Array(0);
  const key =
    source.kind === 'passphrase'
      ? ok(await deriveFromPassphrase(source.passphrase, salt))
      : await readOrCreate(source.path, random);
  if (!key.ok) return key;
  const check = seal(key.value, checkContext, encodeUtf8(checkContext), random);
  const winner = await store.putSettingOnce(settingName, formatMark({ kind: source.kind, salt, check }));
  // Another node may have been first: then its salt counts, and its key must be ours too.
  return unlockWith(source, winner, random);
}

async function unlockWith(source: KeySource, stored: string, random: Random): Promise<Result<KeyWrapping, KeyFault>> {
  const mark = parseMark(stored);
  if (mark === undefined) {
    return fail({
      code: 'unknown-format',
      detail:
        'The keys in this store were written by a newer version of Tegata; start that version, or restore a backup.',
    });
  }
  if (mark.kind !== source.kind) return fail(otherKind(source));
  const key = await keyFor(source, mark);
  if (!key.ok) return key;
  if (open(key.value, checkContext, mark.check) === undefined) return fail(wrongKey(source));
  return ok(createKeyWrapping(key.value, random));
}

async function keyFor(source: KeySource, mark: KeyMark): Promise<Result<Uint8Array, KeyFault>> {
  if (source.kind === 'passphrase') return ok(await deriveFromPassphrase(source.passphrase, mark.salt));
  const key = await readKeyFile(source.path);
  if (!key.ok) return key;
  if (key.value === undefined) {
    return fail({
      code: 'missing-key',
      detail: `The key file ${source.path} is missing, and without it the keys in the store cannot be opened; copy it from another node, or restore it from your backup.`,
    });
  }
  return ok(key.value);
}

async function readOrCreate(path: string, random: Random): Promise<Result<Uint8Array, KeyFault>> {
  const found = await readKeyFile(path);
  if (!found.ok) return found;
  if (found.value !== undefined) return ok(found.value);
  const created = await createKeyFile(path, random);
  if (!created.ok) return created;
  const key = await readKeyFile(path);
  if (!key.ok) return key;
  if (key.value === undefined) throw new Error(`the key file ${path} vanished while it was being made`);
  return ok(key.value);
}

function formatMark({ kind, salt, check }: KeyMark): string {
  return ['1', kind, encodeBase64url(salt), encodeBase64url(check)].join('.');
}

function parseMark(text: string): KeyMark | undefined {
  const [version, kind, saltText, checkText, ...rest] = text.split('.');
  if (version !== '1' || (kind !== 'passphrase' && kind !== 'file') || rest.length > 0) return undefined;
  const salt = decodeBase64url(saltText ?? '');
  const check = decodeBase64url(checkText ?? '');
  return salt === undefined || check === undefined ? undefined : { kind, salt, check };
}

function wrongKey(source: KeySource): KeyFault {
  const what =
    source.kind === 'file'
      ? `The key in ${source.path} is not the one this store was encrypted with; restore the right file from your backup.`
      : `The passphrase in ${source.origin} is wrong for this store; nothing was changed.`;
  return { code: 'wrong-key', detail: what };
}

function otherKind(source: KeySource): KeyFault {
  const detail =
    source.kind === 'file'
      ? 'The keys in this store are protected by a passphrase, but none was given; give it by file, environment or systemd credential.'
      : `The keys in this store are protected by a key file, not by the passphrase in ${source.origin}; start without the passphrase.`;
  return { code: 'other-kind-of-key', detail };
}
