/** Files that are made from the sources: written, or with `--check` compared. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './source-files.ts';

/** Writes `text` to `path` (relative to the repository), or fails the process when it is asked to check and they differ. */
export function writeOrCheck(path: string, text: string, tool: string): void {
  if (!process.argv.includes('--check')) {
    writeFileSync(join(root, path), text);
    return;
  }
  if (readOrEmpty(path) === text) return;
  console.error(`${path} is not what the sources say. Run \`node ${tool}\` and commit the result.`);
  process.exitCode = 1;
}

function readOrEmpty(path: string): string {
  try {
    return readFileSync(join(root, path), 'utf8');
  } catch {
    return '';
  }
}

/** A text inside a cell of a Markdown table. */
export function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('\n', ' ');
}
