/** Everything that can be said about the sources without running them; all complaints at once. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { root } from './source-files.ts';

interface Check {
  readonly name: string;
  readonly program: string;
  readonly args: readonly string[];
}

const node = (...args: readonly string[]) => ({ program: process.execPath, args });
const tool = (name: string, ...args: readonly string[]) => ({ program: join(root, 'node_modules/.bin', name), args });

/** Pages that are made from the sources, and what makes them. */
const pages = [
  ['standards page', 'tools/standards.ts'],
  ['errors page', 'tools/errors-docs.ts'],
  ['configuration page', 'tools/config-docs.ts'],
] as const;

const checks: readonly Check[] = [
  { name: 'types', ...tool('tsc', '--noEmit') },
  { name: 'lint and format', ...tool('biome', 'check', '.') },
  { name: 'layers', ...node('tools/check-layers.ts') },
  { name: 'unused code', ...tool('knip', '--no-progress') },
  ...pages.map(([name, file]) => ({ name, ...node(file, '--check') })),
];

/** Runs every check, prints the output of those that fail, and answers how many did. */
export async function runChecks(): Promise<number> {
  let failures = 0;
  for (const check of checks) {
    const started = performance.now();
    const { code, output } = await run(check);
    const seconds = ((performance.now() - started) / 1000).toFixed(1);
    console.log(`${code === 0 ? 'ok  ' : 'FAIL'} ${check.name.padEnd(20)} ${seconds} s`);
    if (code !== 0) console.log(output.trimEnd().replaceAll(/^/gm, '     '));
    if (code !== 0) failures++;
  }
  return failures;
}

/** Makes every generated page anew. */
export async function writePages(): Promise<void> {
  for (const [name, file] of pages) await run({ name, ...node(file) });
}

async function run({ program, args }: Check): Promise<{ readonly code: number | null; readonly output: string }> {
  const child = spawn(program, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  const collect = (chunk: Buffer) => {
    output += chunk;
  };
  child.stdout.on('data', collect);
  child.stderr.on('data', collect);
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, output };
}
