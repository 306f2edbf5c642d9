/** The files of the repository that the checks look at. */
import { globSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** Folder of the repository. */
export const root = resolve(import.meta.dirname, '..');

export interface SourceFile {
  /** Relative to the repository, with forward slashes. */
  readonly path: string;
  readonly text: string;
}

/** Reads every file that matches one of the patterns, sorted by path; node_modules is left out. */
function readSources(...patterns: readonly string[]): readonly SourceFile[] {
  const paths = globSync([...patterns], { cwd: root, exclude: (path) => path.endsWith('node_modules') });
  return paths.sort().map((path) => ({ path, text: readFileSync(join(root, path), 'utf8') }));
}

/** Every TypeScript file of ours. */
export function readTypeScript(): readonly SourceFile[] {
  return readSources('packages/*/src/**/*.ts', 'test/**/*.ts', 'tools/**/*.ts', 'bench/**/*.ts');
}
