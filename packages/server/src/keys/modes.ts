/** File modes: what holds keys belongs to one user, or the server does not start. */
import type { Stats } from 'node:fs';
import { lstat, stat } from 'node:fs/promises';
import { fail, ok, type Result } from '@tegata/core/result';
import type { KeyFault } from './key-fault.ts';

const groupAndOther = 0o077;

/** Stat of the thing at `path`, links followed; `undefined` when there is nothing; a fault when it cannot be looked at. */
export async function statIfThere(path: string): Promise<Result<Stats | undefined, KeyFault>> {
  try {
    return ok(await stat(path));
  } catch (cause) {
    if (errorCode(cause) !== 'ENOENT') return fail(unreadable(path, cause));
    const dangling = await lstat(path).then(
      () => true,
      () => false,
    );
    return dangling ? fail(unreadable(path, cause)) : ok(undefined);
  }
}

/** Refuses a file or folder that anybody but its owner may read, write or enter. */
export function checkTight(path: string, stats: Stats): Result<void, KeyFault> {
  const mode = stats.mode & 0o777;
  // Windows has no such bits: Node shows what the read-only flag allows, which says nothing about other users.
  if (process.platform === 'win32' || (mode & groupAndOther) === 0) return ok();
  const [noun, wanted] = stats.isDirectory() ? ['folder', '700'] : ['file', '600'];
  const shown = mode.toString(8).padStart(3, '0');
  return fail({
    code: 'loose-mode',
    detail: `The ${noun} ${path} is open to other users (mode ${shown}); run: chmod ${wanted} ${quote(path)}`,
  });
}

/** The `code` of a system error, e.g. `ENOENT`. */
export function errorCode(cause: unknown): string | undefined {
  return cause instanceof Error && 'code' in cause && typeof cause.code === 'string' ? cause.code : undefined;
}

/** The fault for a path that the operating system will not let us read. */
export function unreadable(path: string, cause: unknown): KeyFault {
  return {
    code: 'unreadable',
    detail: `${path} cannot be read (${errorCode(cause) ?? 'unknown error'}); check its owner.`,
  };
}

function quote(path: string): string {
  return /^[\w@%+=:,./-]+$/.test(path) ? path : `'${path.replaceAll("'", `'\\''`)}'`;
}
