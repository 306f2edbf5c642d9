/**
 * `npm test [-- WORD…]`: the checks, then every test. With words, only the test files whose path has one of them, and no checks.
 * Missing programs are installed where that is possible without a question; otherwise their tests are skipped by name.
 */
import { globSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join, relative } from 'node:path';
import { run } from 'node:test';
import { runChecks } from './checks.ts';
import { root } from './source-files.ts';
import { installDebianPackages } from './testing/debian-packages.ts';
import { reportRun } from './testing/report.ts';

/** Long ones first, so that they do not run alone at the end. */
const patterns = ['test/**/*.test.ts', 'packages/*/src/**/*.test.ts', 'tools/**/*.test.ts', 'bench/**/*.test.ts'];
const longestTest = 120_000;
/** A file that never ends, because it left something open, must not hold everything up for ever. */
const longestRun = 900_000;

/** Runs everything that matches; resolves with whether all is well. */
async function main(words: readonly string[]): Promise<boolean> {
  const files = patterns
    .flatMap((pattern) => globSync(pattern, { cwd: root, exclude: (path) => path.endsWith('node_modules') }).sort())
    .filter((path) => words.length === 0 || words.some((word) => path.includes(word)));
  if (files.length === 0) {
    console.error(`No test file has ${words.join(' or ')} in its path.`);
    return false;
  }
  installDebianPackages();
  const failedChecks = words.length === 0 ? await runChecks() : 0;
  // Test files are many small processes; without this each would strip the types of the same sources again.
  process.env.NODE_COMPILE_CACHE ??= join(root, 'node_modules/.cache/compile');
  const concurrency = Math.min(4, availableParallelism());
  const signal = AbortSignal.timeout(longestRun);
  const stream = run({ files: files.map((path) => join(root, path)), concurrency, timeout: longestTest, signal });
  const report = await reportRun(stream, {
    write: (line) => console.log(line),
    shorten: (path) => relative(root, path),
    skipsFail: process.env.CI === 'true',
  });
  if (failedChecks > 0) console.log(`\n${failedChecks} of the checks failed; see above.`);
  return report.success && failedChecks === 0;
}

if (!(await main(process.argv.slice(2)))) process.exitCode = 1;
