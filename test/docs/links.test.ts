/** Every link inside the repository leads somewhere: to a file that is there, and to a heading that is in it. */
import assert from 'node:assert/strict';
import { existsSync, globSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../', import.meta.url));
const pages = globSync('{*,docs/**/*,packages/*/*,bench/**/*,test/**/*}.md', { cwd: root }).filter(
  (path) => !path.includes('node_modules'),
);

describe('links in Markdown files', () => {
  it('are looked for in every page', () => {
    for (const page of ['CONTRIBUTING.md', 'docs/README.md', 'docs/operations/keys.md'])
      assert.ok(pages.includes(page), page);
  });

  for (const page of pages) {
    it(`${page} leads nowhere that is not there`, () => {
      const broken = linksOf(join(root, page)).filter(({ target }) => !leadsSomewhere(join(root, page), target));
      assert.deepEqual(
        broken.map(({ line, target }) => `${page}:${line} ${target}`),
        [],
      );
    });
  }
});

interface Link {
  readonly line: number;
  readonly target: string;
}

/** Lines outside of code blocks, each with its number; code between backquotes is left out. */
function prose(text: string): readonly { readonly line: number; readonly text: string }[] {
  let inCode = false;
  return text.split('\n').flatMap((content, at) => {
    const fence = content.trimStart().startsWith('```');
    if (fence) inCode = !inCode;
    return inCode || fence
      ? []
      : [{ line: at + 1, text: content.replaceAll(/`[^`]*`/g, (code) => code.replaceAll(/[[\]()]/g, '')) }];
  });
}

function linksOf(path: string): readonly Link[] {
  return prose(readFileSync(path, 'utf8')).flatMap(({ line, text }) =>
    [...text.matchAll(/\]\(<?([^()\s>]+)>?(?: "[^"]*")?\)|<img src="([^"]+)"/g)]
      .map(([, link, picture]) => ({ line, target: (link ?? picture) as string }))
      .filter(({ target }) => !/^[a-z]+:/i.test(target)),
  );
}

function leadsSomewhere(page: string, target: string): boolean {
  const [path = '', anchor] = decodeURIComponent(target).split('#');
  const file = path === '' ? page : join(dirname(page), path);
  if (relative(root, file).startsWith('..') || !existsSync(file)) return false;
  return anchor === undefined || (statSync(file).isFile() && anchorsOf(file).has(anchor));
}

/** The anchors that headings get where Markdown is shown: lower case, without punctuation, hyphens for blanks. */
function anchorsOf(path: string): ReadonlySet<string> {
  const anchors = new Set<string>();
  const times = new Map<string, number>();
  for (const { text } of prose(readFileSync(path, 'utf8'))) {
    const heading = /^#{1,6} +(.*?)(?: +#+)?$/.exec(text)?.[1];
    if (heading === undefined) continue;
    const shown = heading.replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1');
    const anchor = shown
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\p{M}_ -]/gu, '')
      .replaceAll(' ', '-');
    const before = times.get(anchor) ?? 0;
    times.set(anchor, before + 1);
    anchors.add(before === 0 ? anchor : `${anchor}-${before}`);
  }
  return anchors;
}
