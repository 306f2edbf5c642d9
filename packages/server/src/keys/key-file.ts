/** The key file: 32 random bytes on one line of text, mode 0600, written whole or not at all. */
import { link, open, readFile, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { decodeBase64url, encodeBase64url } from '@tegata/core/codec/base64url';
import { encodeHex } from '@tegata/core/codec/hex';
import type { Random } from '@tegata/core/random';
import { fail, ok, type Result } from '@tegata/core/result';
import type { KeyFault } from './key-fault.ts';
import { checkTight, errorCode, statIfThere, unreadable } from './modes.ts';

const linePattern = /^tegata-key-1:([A-Za-z0-9_-]{43})\n?$/;
const maximumSize = 1024;

/** The key in the file; `undefined` when there is no file. */
export async function readKeyFile(path: string): Promise<Result<Uint8Array | undefined, KeyFault>> {
  const found = await statIfThere(path);
  if (!found.ok) return found;
  const stats = found.value;
  if (stats === undefined) return ok(undefined);
  if (!stats.isFile()) return fail({ code: 'not-a-file', detail: `The key file ${path} is not a regular file.` });
  const tight = checkTight(path, stats);
  if (!tight.ok) return tight;
  if (stats.size > maximumSize) return fail(damaged(path));
  try {
    const line = linePattern.exec(await readFile(path, 'latin1'));
    const key = line?.[1] === undefined ? undefined : decodeBase64url(line[1]);
    return key === undefined ? fail(damaged(path)) : ok(key);
  } catch (cause) {
    return fail(unreadable(path, cause));
  }
}

/**
 * Writes a new key beside its final name, to the disk, and gives it that name only if it is still free: a crash leaves no
 * half-written key, and of two starting processes both use the file of the first.
 */
export async function createKeyFile(path: string, random: Random): Promise<Result<void, KeyFault>> {
  const draft = `${path}.${encodeHex(random.bytes(6))}.tmp`;
  try {
    const file = await open(draft, 'wx', 0o600);
    try {
      await file.writeFile(`tegata-key-1:${encodeBase64url(random.bytes(32))}\n`);
      await file.sync();
    } finally {
      await file.close();
    }
    await link(draft, path).catch((cause: unknown) => {
      if (errorCode(cause) !== 'EEXIST') throw cause;
    });
    await syncFolder(dirname(path));
    return ok();
  } catch (cause) {
    return fail({
      code: 'unwritable',
      detail: `The key file ${path} cannot be written (${errorCode(cause) ?? 'unknown error'}); check the disk and the owner of its folder.`,
    });
  } finally {
    await rm(draft, { force: true }).catch(() => undefined);
  }
}

/** The name itself must survive a power cut, not only the content. */
async function syncFolder(path: string): Promise<void> {
  if (process.platform === 'win32') return;
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

function damaged(path: string): KeyFault {
  return {
    code: 'damaged-key-file',
    detail: `The key file ${path} is damaged (it must be one line starting with tegata-key-1:); restore it from your backup.`,
  };
}
