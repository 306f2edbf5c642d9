import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import {
  authorizePath,
  createInteractionHarness,
  type InteractionHarness,
  type TestBrowser,
} from '../../../../../../test/support/interaction-harness.ts';

let server: InteractionHarness;
let browser: TestBrowser;

beforeEach(async () => {
  server = await createInteractionHarness();
  await server.addUser();
  await server.addClient();
  browser = server.browser();
  await browser.signIn(await browser.open('/login'));
});
afterEach(() => server.close());

const allow = async (scope: string, fields = {}) =>
  browser.submit(await browser.open(authorizePath({ scope })), ['decision', 'allow'], fields);

test('somebody who is not signed in is sent to sign in', async () => {
  assert.equal((await server.browser().get('/account')).location, '/login');
});

test('apps with access are listed and can be taken back, tokens included', async () => {
  assert.match((await browser.get('/account')).text, /No app has access/);
  const answer = await allow('openid offline_access');
  const page = await browser.get('/account');
  assert.match(page.text, /<bdi>Photo Books<\/bdi>/);
  assert.match(page.text, /Allowed on January 15, 2026/);
  assert.match(page.text, /aria-label="Take back the access of Photo Books"/);
  assert.equal((await browser.submit(page, ['action', 'revoke'])).location, '/account');
  assert.match((await browser.get('/account')).text, /No app has access/);
  assert.equal((await server.codeOf(answer.location))?.revoked, true);
  assert.equal(server.events.at(-1)?.event, 'consent.revoked');
});

test('lasting access is listed even when the form does not ask to remember it', async () => {
  const page = await browser.open(authorizePath({ scope: 'openid offline_access' }));
  assert.doesNotMatch(page.text, /name="remember"/);
  await browser.submit(page, ['decision', 'allow']);
  assert.match((await browser.get('/account')).text, /Photo Books/);
});

test('a client that was removed goes from the list', async () => {
  await allow('openid');
  await server.store.clients.remove('photo-books', server.clock.now());
  server.clock.advance(31_000);
  assert.doesNotMatch((await browser.get('/account')).text, /Photo Books/);
});

test('CSRF: taking back and signing out need our own form', async () => {
  await allow('openid');
  const page = await browser.get('/account');
  const headers = { 'sec-fetch-site': 'cross-site' };
  assert.equal((await browser.submit(page, ['action', 'revoke'], {}, { headers })).status, 403);
  assert.equal((await browser.post('/account', 'action=revoke&client=photo-books')).status, 400);
  assert.match((await browser.get('/account')).text, /Photo Books/);
});

test('a form that was made for another session does nothing', async () => {
  await allow('openid');
  const page = await browser.get('/account');
  server.clock.advance(1000);
  await browser.signIn(await browser.open(authorizePath({ prompt: 'login' })));
  assert.equal((await browser.submit(page, ['action', 'revoke'])).location, '/account');
  assert.match((await browser.get('/account')).text, /Photo Books/);
});

test('an action that is none, and an app that has no access, are refused', async () => {
  const { hidden } = (await browser.get('/account')).form('action', 'logout');
  for (const fields of [{ action: 'delete' }, { action: 'revoke' }, { action: 'revoke', client: 'photo\u0000books' }]) {
    const body = new URLSearchParams({ ...hidden, ...fields }).toString();
    assert.equal((await browser.post('/account', body)).status, 400);
  }
});
