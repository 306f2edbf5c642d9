import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import axe from 'axe-core';
import type { Browser, Page } from 'playwright-core';
import { launchBrowser, type PageServer, servePages } from '../support/browser.ts';
import { requireProgram } from '../support/require-program.ts';
import { addClients, walk } from './walk.ts';

const chromium = requireProgram('chromium', 'chromium');
const skip = chromium.skip;
const folder = join(import.meta.dirname, '../../test-output/screenshots');
const sizes = { desktop: { width: 1100, height: 800 }, phone: { width: 375, height: 740 } } as const;
type Combination = readonly [size: keyof typeof sizes, scheme: 'light' | 'dark'];
const oneOfEach: readonly Combination[] = [
  ['desktop', 'light'],
  ['phone', 'dark'],
];
const everyCombination: readonly Combination[] = [...oneOfEach, ['desktop', 'dark'], ['phone', 'light']];
/** Pages whose pictures are taken in every combination; of the others a light one on a desktop and a dark one on a phone will do. */
const thorough = ['login', 'consent-lasting'];

function isPictured(name: string, ...[size, scheme]: Combination): boolean {
  return thorough.includes(name) || oneOfEach.some(([one, other]) => one === size && other === scheme);
}

let server: PageServer;
let browser: Browser;

before(async () => {
  if (skip !== false) return;
  mkdirSync(folder, { recursive: true });
});
after(async () => {
  await browser?.close();
  await server?.close();
});

/** Rules of WCAG 2.2 up to level AA, and axe's own advice. */
async function assertAccessible(page: Page, name: string): Promise<void> {
  if (!(await page.evaluate('"axe" in globalThis'))) await page.evaluate(axe.source);
  const run = `axe.run(document, { resultTypes: ['violations'] }).then(({ violations }) =>
    violations.map(({ id, help, nodes }) => id + ': ' + help + '\\n  ' + nodes.map((node) => node.html).join('\\n  ')))`;
  assert.deepEqual(await page.evaluate(run), [], name);
}

/** Nothing sticks out at 320 px, which is also 200 % zoom on a window of 640 px (WCAG 2.2 success criterion 1.4.10). */
async function assertFits(page: Page, name: string): Promise<void> {
  await page.setViewportSize({ width: 320, height: 640 });
  assert.equal(await page.evaluate('document.documentElement.scrollWidth'), 320, `${name} sticks out at 320 px`);
  const small = `[...document.querySelectorAll('button, a.button, input:not([type=hidden]):not([type=checkbox]), footer a')]
    .filter((element) => element.getBoundingClientRect().height < 44).map((element) => element.outerHTML)`;
  assert.deepEqual(await page.evaluate(small), [], `${name} has targets under 44 px`);
}

for (const locale of ['en-US', 'ja-JP']) {
  test(`every page in ${locale} is accessible, fits and keeps to its policy, in light and dark, on desktop and phone`, {
    skip,
  }, async () => {
    server = await servePages();
    browser = await launchBrowser(chromium.path, server.port);
    await addClients(server);
    const context = await browser.newContext({
      locale,
      ignoreHTTPSErrors: true,
      viewport: sizes.desktop,
    });
    const complaints: string[] = [];
    context.on('console', (message) => {
      if (message.type() === 'error' && !/the server responded with a status of 4\d\d/.test(message.text()))
        complaints.push(message.text());
    });
    const language = locale.slice(0, 2);
    await walk(server, context, async (name, page) => {
      assert.equal(await page.getAttribute('html', 'lang'), language, name);
      await assertFits(page, name);
      for (const [size, scheme] of language === 'en' ? everyCombination : oneOfEach) {
        await page.setViewportSize(sizes[size]);
        await page.emulateMedia({ colorScheme: scheme, reducedMotion: 'reduce' });
        await assertAccessible(page, `${name} ${language} ${scheme} ${size}`);
        if (!isPictured(name, size, scheme)) continue;
        await page.screenshot({ path: join(folder, `${name}-${language}-${scheme}-${size}.png`), fullPage: true });
      }
      await page.setViewportSize(sizes.desktop);
    });
    assert.deepEqual(complaints, []);
    await browser.close();
    await server.close();
  });
}
