/** The commands in the documentation work when they are pasted in order. How blocks are marked to be run: see CONTRIBUTING.md. */
import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { requireProgram } from '../support/require-program.ts';
import { type PageScript, readPage } from './page-script.ts';
import { runPage } from './run-page.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
/** Programs that pages may need, with the Debian package of each. */
const debianPackages: Readonly<Record<string, string>> = {
  certbot: 'certbot',
  curl: 'curl',
  openssl: 'openssl',
  sqlite3: 'sqlite3',
};

const pages = ['README.md', ...globSync('docs/**/*.md', { cwd: root }).sort()]
  .map((path) => ({ path, page: readPage(readFileSync(join(root, path), 'utf8')) }))
  .filter(({ page }) => page.runs);

describe('commands in the documentation', () => {
  it('are there', () => {
    assert.ok(pages.some(({ path }) => path === 'docs/try-it.md'));
  });

  for (const { path, page } of pages) {
    it(`${path} works when pasted`, { skip: missingProgram(page) }, () => runPage(path, page));
  }
});

describe('the test of the documentation', () => {
  const run = (...lines: string[]) => runPage('docs/page.md', readPage(lines.join('\n')));

  it('names the line of a command that fails without a word', () =>
    assert.rejects(
      run('# Page', '```sh run', 'echo fine', 'A=$(false)', '```'),
      /page\.md: line 4: this command failed/,
    ));

  it('names the line of an output that does not come', () =>
    assert.rejects(
      run('```sh run', 'echo maple', '```', '```text output', 'oak', '```'),
      /page\.md: line 5 is not in/,
    ));

  it('takes an output by its parts, and only from the block above it', async () => {
    const first = ['```sh run', 'echo maple and oak', '```'];
    await run(...first, '```text output', 'maple … oak', '```');
    await assert.rejects(run(...first, '```sh run', 'echo ash', '```', '```text output', 'maple', '```'), /line 8/);
  });

  it('runs a block inside a list', () =>
    assert.rejects(run('- item', '', '  ```sh run', '  false', '  ```'), /page\.md: line 4: this command failed/));

  it('fails with what the server says when that does not start', () =>
    assert.rejects(run('```sh run server', 'npx tegata serve --set oauth.scope=x', '```'), /expected a known option/));

  it('refuses marks that mean nothing', () => {
    assert.throws(() => readPage('```sh runs\n```'), /line 1: "runs" after a fence means nothing/);
  });
});

function missingProgram({ needs }: PageScript): string | false {
  for (const program of needs) {
    const debianPackage = debianPackages[program];
    assert.ok(debianPackage, `${program} has no Debian package here`);
    const { skip } = requireProgram(program, debianPackage);
    if (skip !== false) return skip;
  }
  return false;
}
