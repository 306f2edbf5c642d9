/** Runs the script of a page against a real server, in a temporary folder and on ports of its own. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { freePort } from '../support/free-port.ts';
import { blockMark, type PageScript } from './page-script.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const here = fileURLToPath(new URL('.', import.meta.url));
const longestRun = 120_000;
/** Ports that pages name: in a test each becomes a free one. */
const ports = ['8443', '8480', '9464', '5002'];
/** Who signs in on the pages. */
const person = { username: 'kaede', password: 'seven maple leaves fall' };

/**
 * Runs the page and compares what it prints with what it says it prints.
 * @param path of the page in the repository
 * @throws an assertion error that names the page and the line at fault
 */
export async function runPage(path: string, page: PageScript): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'tegata-docs-'));
  try {
    const withPorts = await portChange();
    const { output, code } = await runScript(path, withPorts(page.text), folder, withPorts);
    if (code !== 0) assert.fail(`a command of ${path} failed:\n${output}`);
    const blocks = splitBlocks(output);
    for (const { line, of, text } of page.expected) {
      const found = blocks.get(of) ?? '';
      if (!occurs(withPorts(text), found))
        assert.fail(`${path}: line ${line} is not in what line ${of} prints:\n${found}`);
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function portChange(): Promise<(text: string) => string> {
  const free = new Map<string, string>();
  for (const port of ports) free.set(port, String(await freePort()));
  const pattern = new RegExp(`\\b(?:${ports.join('|')})\\b`, 'g');
  return (text) => text.replaceAll(pattern, (port) => free.get(port) as string);
}

/** Runs bash with a folder, a home and a search path of its own; answers with everything that was printed. */
async function runScript(
  path: string,
  text: string,
  folder: string,
  withPorts: (text: string) => string,
): Promise<{ readonly output: string; readonly code: number | null }> {
  const [work, bin, script] = [join(folder, 'tegata'), join(folder, 'bin'), join(folder, path)];
  for (const one of [work, bin, dirname(script)]) mkdirSync(one, { recursive: true });
  // So that scripts of the pages find the packages of the checkout.
  symlinkSync(join(root, 'node_modules'), join(work, 'node_modules'));
  // What npx does with a program that is installed, without the half second that npm takes to find it.
  writeFileSync(join(bin, 'npx'), '#!/bin/sh\nexec "$@"\n', { mode: 0o755 });
  writeFileSync(script, text);
  const child = spawn('bash', ['-c', 'source "$1"; source "$2"', 'bash', join(here, 'prelude.sh'), script], {
    cwd: work,
    // A group of its own, so that it can be ended with all that it has started.
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      PATH: [bin, join(root, 'node_modules/.bin'), process.env.PATH].join(delimiter),
      HOME: folder,
      LANG: 'C.UTF-8',
      BROWSER: join(here, 'person.ts'),
      PERSON_NAME: person.username,
      PERSON_PASSWORD: person.password,
      NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE ?? join(root, 'node_modules/.cache/compile'),
      TEGATA_LISTEN: withPorts('localhost:8443'),
      TEGATA_HTTP_LISTEN: withPorts('localhost:8480'),
      TEGATA_METRICS_LISTEN: withPorts('localhost:9464'),
    },
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (chunk: string) => {
      output += chunk;
    });
  }
  const late = setTimeout(() => process.kill(-(child.pid as number), 'SIGTERM'), longestRun);
  const [code] = (await once(child, 'close')) as [number | null];
  clearTimeout(late);
  return { output: output.replaceAll(`${folder}/`, ''), code };
}

/** What each block printed, by the line of its fence. */
function splitBlocks(output: string): ReadonlyMap<number, string> {
  const parts = output.split(blockMark).slice(1);
  return new Map(
    parts.map((part) => {
      const end = part.indexOf('\n');
      return [Number(part.slice(0, end)), part.slice(end + 1)];
    }),
  );
}

/** Whether a line of the output has the text, in which `…` stands for anything. */
function occurs(text: string, output: string): boolean {
  const parts = text.trim().split('…');
  const pattern = parts.map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('.*');
  return new RegExp(pattern).test(output);
}
