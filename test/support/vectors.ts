/** Published test vectors, which the project reads and does not copy. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface VectorFile {
  /** Value for the `skip` option of a test: `false`, or why it is skipped and what to do. */
  readonly skip: string | false;
  /** The parsed file. Only to be called where the test is not skipped. */
  readonly read: () => unknown;
}

const repositories: Readonly<Record<string, string>> = {
  wycheproof: 'https://github.com/C2SP/wycheproof (folder testvectors_v1)',
  'x509-limbo': 'https://github.com/C2SP/x509-limbo',
};

/**
 * Asks for one JSON file below the folder that TEGATA_VECTORS names.
 * @param collection its folder there, and where it comes from: `wycheproof` or `x509-limbo`
 * @throws when it is missing and `CI=true`, where a skip counts as a failure
 */
export function requireVectors(collection: string, file: string): VectorFile {
  const path = join(process.env.TEGATA_VECTORS ?? '', collection, file);
  if (process.env.TEGATA_VECTORS !== undefined && existsSync(path)) {
    return { skip: false, read: () => JSON.parse(readFileSync(path, 'utf8')) };
  }
  const reason = `${collection}/${file} is missing; remedy: put a copy of ${repositories[collection]} into a folder ${collection}, and name the folder above it in TEGATA_VECTORS`;
  if (process.env.CI === 'true') throw new Error(reason);
  return { skip: reason, read: () => undefined };
}
