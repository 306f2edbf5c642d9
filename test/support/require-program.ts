/** Programs that a test needs: present, or the test is skipped by name with the remedy, or (with CI=true) it fails. */
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

export interface Requirement {
  /** Value for the `skip` option of a test: `false`, or why it is skipped and what to install. */
  readonly skip: string | false;
  readonly path: string;
}

/** Full path of `program` in the search path, `undefined` when it is not there. */
export function findProgram(program: string): string | undefined {
  const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/bin', '/usr/sbin', '/usr/local/bin'];
  return folders.map((folder) => join(folder, program)).find(isExecutable);
}

/**
 * Asks for a program of a Debian package.
 * @throws when it is missing and `CI=true`, where a skip counts as a failure
 */
export function requireProgram(program: string, debianPackage: string): Requirement {
  const path = findProgram(program);
  if (path !== undefined) return { skip: false, path };
  const reason = `${program} is not installed; remedy: apt-get install ${debianPackage}`;
  if (process.env.CI === 'true') throw new Error(reason);
  return { skip: reason, path: program };
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
