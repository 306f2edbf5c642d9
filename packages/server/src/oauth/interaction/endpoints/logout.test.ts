import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, test } from 'node:test';
import {
  authorizePath,
  createInteractionHarness,
  type InteractionHarness,
  type Page,
  type TestBrowser,
} from '../../../../../../test/support/interaction-harness.ts';

let server: InteractionHarness;
let browser: TestBrowser;
let subject: string;

beforeEach(async () => {
  server = await createInteractionHarness();
  ({ subject } = await server.addUser());
  await server.addClient();
  browser = server.browser();
  await browser.signIn(await browser.open('/login'));
});
afterEach(() => server.close());

const bye = 'https://client.example/bye';
const path = (parameters: Record<string, string | undefined>) =>
  `/end_session?${new URLSearchParams(JSON.parse(JSON.stringify(parameters)))}`;
const isSignedIn = async () => (await browser.get('/account')).status === 200;
const hint = async (claims = {}) => server.idToken({ sub: subject, ...claims });

function assertPage(page: Page, heading: string, status = 200): void {
  assert.equal(page.heading, heading);
  assert.equal(page.status, status);
  assert.equal(page.header('location'), undefined);
}

describe('on the user’s own word', () => {
  test('asks first, then signs out and says so', async () => {
    const page = await browser.get('/logout');
    assertPage(page, 'Sign out?');
    const answer = await browser.submit(page, ['decision', 'logout']);
    assert.deepEqual([answer.status, answer.location], [303, '/logout']);
    assert.match(answer.cookies().join(), /__Host-tegata-session=; .*Max-Age=0/);
    assertPage(await browser.get('/logout'), 'You are signed out');
    assert.equal(await isSignedIn(), false);
  });

  test('staying changes nothing', async () => {
    const answer = await browser.submit(await browser.get('/logout'), ['decision', 'stay']);
    assert.equal(answer.location, '/account');
    assert.equal(await isSignedIn(), true);
  });

  test('CSRF: GET never signs out, nor does a form of another site or browser', async () => {
    const page = await browser.get('/logout');
    assert.equal((await server.browser().submit(page, ['decision', 'logout'])).status, 400);
    const headers = { 'sec-fetch-site': 'cross-site' };
    assert.equal((await browser.submit(page, ['decision', 'logout'], {}, { headers })).status, 403);
    assert.equal(await isSignedIn(), true);
  });

  test('a form made for one account does not sign out another', async () => {
    const page = await browser.get('/logout');
    await server.addUser({ username: 'botan', name: 'Botan' });
    server.clock.advance(1000);
    await browser.signIn(await browser.open(authorizePath({ prompt: 'login' })), 'botan');
    const answer = await browser.submit(page, ['decision', 'logout']);
    assertPage(answer, 'Sign out?');
    assert.match(answer.text, /Botan/);
    assert.equal(await isSignedIn(), true);
  });

  test('the session is over on the server, not only in the browser', async () => {
    const stolen = new Map(browser.cookies);
    await browser.submit(await browser.get('/logout'), ['decision', 'logout']);
    const thief = server.browser();
    for (const [name, value] of stolen) thief.cookies.set(name, value);
    assert.equal((await thief.get('/account')).location, '/login');
  });
});

describe('on a client’s word', () => {
  test('with a hint from this session it happens at once, and the user goes back', async () => {
    const sid = browser.cookies.get('__Host-tegata-session')?.slice(0, 21);
    const id_token_hint = await hint({ sid });
    const answer = await browser.get(path({ id_token_hint, post_logout_redirect_uri: bye, state: 'x y' }));
    assert.deepEqual([answer.status, answer.location], [303, `${bye}?state=x+y`]);
    assert.equal(await isSignedIn(), false);
  });

  test('an expired hint is good enough', async () => {
    const answer = await browser.get(path({ id_token_hint: await hint({ exp: 1, iat: 0 }) }));
    assert.equal(answer.location, '/logout');
    assert.equal(await isSignedIn(), false);
  });

  test('POST works like GET', async () => {
    const body = new URLSearchParams({ id_token_hint: await hint(), post_logout_redirect_uri: bye }).toString();
    const crossSite = { 'sec-fetch-site': 'cross-site', origin: 'https://client.example', cookie: undefined };
    const carried = await browser.post('/end_session', body, { headers: crossSite });
    assert.match(carried.location, /^\/end_session\?ticket=/);
    assert.equal((await browser.get(carried.location)).location, bye);
  });

  test('without a hint, or with one from another session or user, the user is asked', async () => {
    const hints = [undefined, await hint({ sid: 'another' }), await hint({ sub: 'usr_another' })];
    for (const id_token_hint of hints) {
      const page = await browser.get(path({ id_token_hint, client_id: 'photo-books', post_logout_redirect_uri: bye }));
      assertPage(page, 'Sign out?');
      assert.match(page.text, /Photo Books/);
      assert.equal(await isSignedIn(), true);
    }
    const page = await browser.get(path({ client_id: 'photo-books', post_logout_redirect_uri: bye, state: 's' }));
    const answer = await browser.submit(page, ['decision', 'logout']);
    assert.equal(answer.location, `${bye}?state=s`);
  });

  test('somebody who is not signed in is told so, and sent on only with a hint', async () => {
    const stranger = server.browser();
    const without = await stranger.get(path({ client_id: 'photo-books', post_logout_redirect_uri: bye }));
    assert.equal(without.location, '/logout');
    const withHint = await stranger.get(path({ id_token_hint: await hint(), post_logout_redirect_uri: bye }));
    assert.equal(withHint.location, bye);
  });

  const refused: Record<string, () => Promise<Record<string, string | undefined>>> = {
    'open redirect: an unregistered post_logout_redirect_uri': async () => ({
      id_token_hint: await hint(),
      post_logout_redirect_uri: 'https://evil.example/',
    }),
    'open redirect: a registered one with a query more': async () => ({
      id_token_hint: await hint(),
      post_logout_redirect_uri: `${bye}?next=https://evil.example/`,
    }),
    'open redirect: a post_logout_redirect_uri of nobody': async () => ({ post_logout_redirect_uri: bye }),
    'open redirect: the redirect URI of the authorization': async () => ({
      id_token_hint: await hint(),
      post_logout_redirect_uri: 'https://client.example/callback',
    }),
    'an unknown client': async () => ({ client_id: 'nobody' }),
    'a client that is not the one of the hint': async () => {
      await server.addClient({}, { clientId: 'other' });
      return { id_token_hint: await hint(), client_id: 'other' };
    },
    'a hint that is none': async () => ({ id_token_hint: 'x.y.z' }),
    'a hint of another issuer': async () => ({ id_token_hint: await hint({ iss: 'https://other.example' }) }),
    'an endless state': async () => ({ id_token_hint: await hint(), state: 's'.repeat(2049) }),
  };
  for (const [name, parameters] of Object.entries(refused)) {
    test(`${name} is refused on a page, and the user stays signed in`, async () => {
      assertPage(await browser.get(path(await parameters())), 'The app sent a faulty request to sign out', 400);
      assert.equal(await isSignedIn(), true);
    });
  }

  test('repeated parameters are refused', async () => {
    const page = await browser.get(`${path({ client_id: 'photo-books' })}&client_id=photo-books`);
    assertPage(page, 'The app sent a faulty request to sign out', 400);
  });

  test('XSS: nothing of the request is shown as markup', async () => {
    const page = await browser.get(path({ client_id: '"><script>alert(1)</script>', state: '<script>' }));
    assert.doesNotMatch(page.text, /<script/);
  });
});
