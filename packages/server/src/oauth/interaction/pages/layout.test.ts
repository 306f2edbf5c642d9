import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import {
  authorizePath,
  createInteractionHarness,
  type InteractionHarness,
  type Page,
  pagesIssuer,
  type TestBrowser,
} from '../../../../../../test/support/interaction-harness.ts';
import { createSetupLink } from '../users/setup-link.ts';
import { styleAsset } from './assets.ts';

let server: InteractionHarness;
let browser: TestBrowser;

beforeEach(async () => {
  server = await createInteractionHarness();
  browser = server.browser();
});
afterEach(() => server.close());

/** One of every page and every redirect that there is. */
async function visitEverything(): Promise<Record<string, Page>> {
  const link = await createSetupLink(server.store, pagesIssuer, server.clock.now(), server.deps.random);
  const setup = await browser.get((link ?? '').slice(pagesIssuer.length));
  await server.addUser();
  await server.addClient();
  const login = await browser.open(authorizePath());
  const wrong = await browser.signIn(login, 'aiko', 'wrong password');
  const signedIn = await browser.signIn(login);
  const consent = await browser.open(signedIn.location);
  const code = await browser.submit(consent, ['decision', 'allow']);
  server.clock.advance(1000);
  return {
    setup,
    login,
    wrong,
    signedIn,
    consent,
    code,
    account: await browser.get('/account'),
    choose: await browser.open(authorizePath({ prompt: 'select_account' })),
    logout: await browser.get('/logout'),
    signedOut: await server.browser().get('/logout'),
    used: await browser.get('/setup?token=x'),
    unknownClient: await browser.get(authorizePath({ client_id: 'nobody' })),
    expired: await browser.get('/login?ticket=x'),
    crossSite: await browser.post('/login', '', { headers: { 'sec-fetch-site': 'cross-site' } }),
    method: await browser.send('DELETE', '/login', {}),
    error: await browser.get(authorizePath({ scope: 'nonsense' })),
  };
}

test('clickjacking: every page and every redirect forbids framing, caching and referrers', async () => {
  for (const [name, page] of Object.entries(await visitEverything())) {
    assert.equal(page.header('x-frame-options'), 'DENY', name);
    assert.equal(page.header('cache-control'), 'no-store', name);
    assert.equal(page.header('referrer-policy'), 'no-referrer', name);
    if (page.status !== 303) assert.match(page.header('content-security-policy') ?? '', /frame-ancestors 'none'/, name);
  }
});

test('the content security policy has no exceptions: no script, nothing inline, nothing from elsewhere', async () => {
  for (const [name, page] of Object.entries(await visitEverything())) {
    if (page.status === 303) continue;
    const policy = page.header('content-security-policy') ?? '';
    assert.match(policy, /^default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none';/, name);
    assert.doesNotMatch(policy, /unsafe|script-src|\*/, name);
    assert.doesNotMatch(page.text, /<script|<style|\sstyle=|\son\w+=|javascript:/, name);
    const loaded = [...page.text.matchAll(/<(?:link|img|script|iframe)\b[^>]*(?:href|src)="([^"]*)"/g)].map(
      ([, url]) => url,
    );
    for (const url of loaded) assert.match(url ?? '', /^\/assets\//, name);
  }
});

test('redirects are 303 whatever the method', async () => {
  for (const page of Object.values(await visitEverything())) assert.ok(page.status === 303 || page.location === '');
});

test('every page says its language, its host and where it is, in a title that starts with what matters', async () => {
  for (const [name, page] of Object.entries(await visitEverything())) {
    if (page.status === 303) continue;
    assert.match(page.text, /^<!doctype html>\n<html lang="en">/, name);
    assert.match(page.text, /<title>[^<]+ · id\.example\.com<\/title>/, name);
    assert.equal(page.text.match(/<h1>/g)?.length, 1, name);
    assert.equal(page.header('content-language'), 'en', name);
  }
});

test('forms may lead to the client’s scheme only where their answer does', async () => {
  const { login, account, logout } = await visitEverything();
  assert.match(login?.header('content-security-policy') ?? '', /form-action 'self' https:$/);
  assert.match(account?.header('content-security-policy') ?? '', /form-action 'self'$/);
  assert.match(logout?.header('content-security-policy') ?? '', /form-action 'self'$/);
});

test('assets are named by their content, may be kept for good, and are nothing else', async () => {
  const style = await browser.get(`/assets/${styleAsset.name}`);
  assert.equal(style.status, 200);
  assert.equal(style.header('content-type'), 'text/css; charset=utf-8');
  assert.match(style.header('cache-control') ?? '', /immutable/);
  assert.equal((await browser.get('/assets/tegata.0000000000000000.css')).status, 404);
  assert.equal((await browser.get('/assets/..%2f..%2fpackage.json')).status, 404);
});

test('an issuer with a path has all its pages below it', async () => {
  await server.close();
  server = await createInteractionHarness({ issuer: 'https://id.example.com/tenant' });
  await server.addUser();
  await server.addClient();
  for (const { path } of server.endpoints) assert.match(path, /^\/tenant\//);
  browser = server.browser();
  const login = await browser.open(`/tenant${authorizePath()}`);
  assert.match(login.text, /action="\/tenant\/login"/);
  assert.match(login.text, /href="\/tenant\/assets\//);
  assert.match((await browser.signIn(login)).location, /^\/tenant\/consent\?/);
});
