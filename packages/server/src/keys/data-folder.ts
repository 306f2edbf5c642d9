/** The data folder: made with mode 0700 when absent, refused when others can look into it. */
import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { fail, ok, type Result } from '@tegata/core/result';
import type { KeyFault } from './key-fault.ts';
import { checkTight, errorCode, statIfThere } from './modes.ts';

/** Makes sure that `path` is a folder of ours alone. Creates it, parents included, when there is nothing. */
export async function ensureDataFolder(path: string): Promise<Result<{ readonly created: boolean }, KeyFault>> {
  const found = await statIfThere(path);
  if (!found.ok) return found;
  if (found.value === undefined) return createFolder(path);
  if (!found.value.isDirectory()) {
    return fail({ code: 'not-a-folder', detail: `${path} is not a folder; choose another data folder with --data.` });
  }
  const tight = checkTight(path, found.value);
  return tight.ok ? ok({ created: false }) : tight;
}

async function createFolder(path: string): Promise<Result<{ readonly created: boolean }, KeyFault>> {
  try {
    await makeFolders(path);
    return ok({ created: true });
  } catch (cause) {
    return fail({
      code: 'unwritable',
      detail: `The data folder ${path} cannot be created (${errorCode(cause) ?? 'unknown error'}); choose another with --data.`,
    });
  }
}

/** Parents first, one by one: Node's recursive mkdir never returns where the kernel refuses new folders with ENOENT (/proc). */
async function makeFolders(path: string): Promise<void> {
  const parent = dirname(path);
  const found = await statIfThere(parent);
  if (found.ok && found.value === undefined && parent !== path) await makeFolders(parent);
  await mkdir(path, { mode: 0o700 });
}
