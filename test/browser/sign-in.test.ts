import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, beforeEach, describe, test } from 'node:test';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { hosts, launchBrowser, type PageServer, servePages } from '../support/browser.ts';
import { requireProgram } from '../support/require-program.ts';
import { addClients, authorizeUrl, callback, origin, person, signIn } from './walk.ts';

const chromium = requireProgram('chromium', 'chromium');
const options = { skip: chromium.skip };

let server: PageServer;
let browser: Browser;
let context: BrowserContext;
let page: Page;
let complaints: string[];

before(async () => {
  if (options.skip !== false) return;
  server = await servePages();
  browser = await launchBrowser(chromium.path, server.port);
  await addClients(server);
  await server.harness.addUser(person);
});
after(async () => {
  await browser?.close();
  await server?.close();
});

beforeEach(async () => {
  if (options.skip !== false) return;
  await context?.close();
  await open({});
});

async function open(settings: Parameters<Browser['newContext']>[0]): Promise<void> {
  context = await browser.newContext({ locale: 'en-US', ignoreHTTPSErrors: true, ...settings });
  context.setDefaultTimeout(10_000);
  complaints = [];
  context.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });
  page = await context.newPage();
}

const focused = () => page.evaluate('document.activeElement.id || document.activeElement.textContent.trim()');

describe('in Chromium', options, () => {
  test('the whole way works without scripts, under the strict policy', async () => {
    await context.close();
    await open({ javaScriptEnabled: false });
    await page.goto(authorizeUrl({ scope: 'openid email' }));
    await signIn(page);
    await page.click('button[value=allow]');
    await page.waitForURL(`${callback}?code=**`);
    assert.match(page.url(), /&state=af0ifjsldkj&iss=https%3A%2F%2Fid\.example\.com$/);
    assert.deepEqual(complaints, []);
  });

  test('a client may send the user on to another site, which form-action would forbid if it named the client alone', async () => {
    const redirect = `https://${hosts.client}/onward`;
    await page.goto(authorizeUrl({ scope: 'openid albums.read', redirect_uri: redirect }));
    await signIn(page);
    await page.click('button[value=allow]');
    await page.waitForURL(`https://${hosts.beyond}/arrived`);
    assert.deepEqual(complaints, []);
  });

  test('a native app gets its code on a loopback port, over plain http', async () => {
    const app = createServer((_, response) => response.end('back')).listen(0, '127.0.0.1');
    await once(app, 'listening');
    const redirect = `http://127.0.0.1:${(app.address() as AddressInfo).port}/cb`;
    await page.goto(authorizeUrl({ client_id: 'native', scope: 'openid', redirect_uri: redirect }));
    await signIn(page);
    await page.click('button[value=allow]');
    await page.waitForURL(`${redirect}?code=**`);
    app.closeAllConnections();
    app.close();
    assert.deepEqual(complaints, []);
  });

  test('a client that opens a pop-up window keeps it', async () => {
    await page.goto(`https://${hosts.client}/`);
    const [popup] = await Promise.all([
      page.waitForEvent('popup'),
      page.evaluate(
        `void (globalThis.popup = open(${JSON.stringify(authorizeUrl({ scope: 'openid', prompt: 'consent' }))}))`,
      ),
    ]);
    await signIn(popup);
    await popup.click('button[value=allow]');
    await popup.waitForURL(`${callback}?code=**`);
    assert.equal(await popup.evaluate('opener !== null'), true);
    assert.equal(await page.evaluate('popup.closed'), false);
  });

  test('the keyboard alone is enough, in the order in which the page is read', async () => {
    await page.goto(authorizeUrl({ scope: 'openid albums.write' }));
    assert.equal(await focused(), 'username');
    await page.keyboard.type(person.username);
    await page.keyboard.press('Tab');
    assert.equal(await focused(), 'password');
    await page.keyboard.type(person.password);
    await page.keyboard.press('Enter');
    await page.waitForURL('**/consent?**');
    const order: unknown[] = [];
    for (let stops = 0; stops < 7; stops++) {
      await page.keyboard.press('Tab');
      order.push(await focused());
    }
    const expected = ['Use another account', '', 'Refuse', 'Allow', 'Privacy policy', 'Terms of service', '日本語'];
    assert.deepEqual(order, expected);
    for (let back = 0; back < 3; back++) await page.keyboard.press('Shift+Tab');
    assert.equal(await focused(), 'Allow');
    await page.keyboard.press('Enter');
    await page.waitForURL(`${callback}?code=**`);
  });

  test('after a failure the focus is on the summary, whose links lead to the fields', async () => {
    await page.goto(`${origin}/login`);
    await page.click('button[value=login]');
    assert.match(String(await focused()), /^That did not work yet/);
    assert.equal(await page.title(), 'Error: Sign in · id.example.com');
    await page.click('a[href="#password"]');
    assert.equal(await focused(), 'password');
    assert.equal(await page.getAttribute('#password', 'aria-describedby'), 'password-fault');
  });

  test('clickjacking: no other site can show the pages in a frame', async () => {
    await page.goto(`https://${hosts.client}/frame`);
    const frame = page.frames()[1];
    assert.equal(await frame?.locator('#username').count(), 0);
    assert.match(complaints.join(), /frame|X-Frame-Options/i);
  });

  test('cookies are bound to the host, secure, out of reach of scripts, and not sent along from other sites', async () => {
    await page.goto(`${origin}/login?lang=en`);
    await signIn(page);
    await page.waitForURL(`${origin}/account`);
    const cookies = await context.cookies();
    assert.deepEqual(cookies.map(({ name }) => name).sort(), [
      '__Host-tegata-browser',
      '__Host-tegata-language',
      '__Host-tegata-session',
    ]);
    for (const { name, domain, path, secure, httpOnly, sameSite } of cookies) {
      const expected = { domain: hosts.server, path: '/', secure: true, httpOnly: true, sameSite: 'Lax' };
      assert.deepEqual({ domain, path, secure, httpOnly, sameSite }, expected, name);
    }
    assert.equal(await page.evaluate('document.cookie'), '');
  });

  test('going back after signing in shows a page that works, not a form that is sent again', async () => {
    await page.goto(authorizeUrl({ scope: 'openid profile email' }));
    await signIn(page);
    await page.waitForURL('**/consent?**');
    await page.goBack();
    await page.waitForURL('**/consent?**');
    assert.equal(await page.locator('button[value=allow]').count(), 1);
  });

  test('a client’s POST from its own site finds the session that is there', async () => {
    await page.goto(`${origin}/login`);
    await signIn(page);
    await page.waitForURL(`${origin}/account`);
    await page.goto(`https://${hosts.client}/`);
    const fields = Object.fromEntries(new URL(authorizeUrl({ scope: 'openid', prompt: 'consent' })).searchParams);
    await page.setContent(
      `<form method="post" action="${origin}/authorize">${Object.entries(fields)
        .map(([name, value]) => `<input type="hidden" name="${name}" value="${value}">`)
        .join('')}<button>Go</button></form>`,
    );
    await page.click('button');
    await page.waitForURL('**/consent?**');
  });
});
