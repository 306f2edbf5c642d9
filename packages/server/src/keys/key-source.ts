/** Where the key-encryption key comes from: a passphrase if the operator gave one, otherwise a key file of our own making. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { decodeUtf8 } from '@tegata/core/codec/utf8';
import { fail, ok, type Result } from '@tegata/core/result';
import type { KeyFault } from './key-fault.ts';
import { checkTight, statIfThere, unreadable } from './modes.ts';

/** Name of the systemd credential (`LoadCredential=tegata-passphrase:…`) that holds the passphrase. */
const credentialName = 'tegata-passphrase';

const keyFileName = 'master.key';
const minimumPassphrase = 12;
const maximumPassphraseFile = 65_536;

export type KeySource =
  | {
      readonly kind: 'passphrase';
      readonly passphrase: string;
      /** For messages: which file, variable or credential it came from. */
      readonly origin: string;
    }
  | { readonly kind: 'file'; readonly path: string };

export interface KeySourceOptions {
  readonly dataFolder: string;
  /** Path of a file with the passphrase. */
  readonly passphraseFile?: string;
  /** The passphrase itself, with the name of the environment variable that held it. */
  readonly passphrase?: { readonly value: string; readonly variable: string };
  /** `$CREDENTIALS_DIRECTORY`, where systemd puts credentials that only this service can read. */
  readonly credentialsDirectory?: string;
}

/** The first of: passphrase file, environment, systemd credential, key file in the data folder. */
export async function chooseKeySource(options: KeySourceOptions): Promise<Result<KeySource, KeyFault>> {
  const { dataFolder, passphraseFile, passphrase, credentialsDirectory } = options;
  if (passphraseFile !== undefined) return fromFile(passphraseFile, `the file ${passphraseFile}`, true);
  if (passphrase !== undefined) return checked(passphrase.value, `the variable ${passphrase.variable}`);
  if (credentialsDirectory !== undefined) {
    const path = join(credentialsDirectory, credentialName);
    const found = await statIfThere(path);
    if (!found.ok) return found;
    // systemd guards the folder itself, and some versions show group bits inside it.
    if (found.value !== undefined) return fromFile(path, `the credential ${credentialName}`, false);
  }
  return ok({ kind: 'file', path: join(dataFolder, keyFileName) });
}

async function fromFile(path: string, origin: string, guarded: boolean): Promise<Result<KeySource, KeyFault>> {
  const found = await statIfThere(path);
  if (!found.ok) return found;
  const stats = found.value;
  if (stats === undefined) {
    return fail({
      code: 'missing-key',
      detail: `The passphrase file ${path} does not exist; create it or correct its path.`,
    });
  }
  // A pipe (`<(command)` of a shell) is as good as a file: nobody else can open it again.
  if (stats.isFile()) {
    const tight = guarded ? checkTight(path, stats) : ok();
    if (!tight.ok) return tight;
  } else if (!stats.isFIFO()) {
    return fail({ code: 'not-a-file', detail: `The passphrase file ${path} is not a file.` });
  }
  try {
    const bytes = await readFile(path);
    const text = bytes.length > maximumPassphraseFile ? undefined : decodeUtf8(bytes);
    if (text === undefined) {
      return fail({ code: 'weak-passphrase', detail: `The passphrase in ${path} is not one line of UTF-8 text.` });
    }
    return checked(text, origin);
  } catch (cause) {
    return fail(unreadable(path, cause));
  }
}

function checked(text: string, origin: string): Result<KeySource, KeyFault> {
  // Editors and `echo` end a file with a line feed that nobody means as part of the passphrase.
  const passphrase = text.replace(/\r?\n$/, '');
  if (passphrase.includes('\n')) {
    return fail({ code: 'weak-passphrase', detail: `The passphrase in ${origin} has more than one line.` });
  }
  if (passphrase.length < minimumPassphrase) {
    return fail({
      code: 'weak-passphrase',
      detail: `The passphrase in ${origin} is too short; use at least ${minimumPassphrase} characters.`,
    });
  }
  return ok({ kind: 'passphrase', passphrase, origin });
}
