import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, test } from 'node:test';
import {
  authorizePath,
  createInteractionHarness,
  type InteractionHarness,
  type Page,
  type TestBrowser,
} from '../../../../../../test/support/interaction-harness.ts';
import { redirectUri } from '../../../../../../test/support/oauth-harness.ts';

let server: InteractionHarness;
let browser: TestBrowser;

beforeEach(async () => {
  server = await createInteractionHarness();
  await server.addUser();
  browser = server.browser();
  await browser.signIn(await browser.open('/login'));
  server.clock.advance(1000);
});
afterEach(() => server.close());

const native = { application_type: 'native', token_endpoint_auth_method: 'none', post_logout_redirect_uris: [] };

async function remembered(): Promise<readonly string[] | undefined> {
  const user = await server.store.users.findByUsername('aiko');
  return (await server.store.consents.load(user?.subject ?? '', 'photo-books'))?.scopes;
}

function isCode(page: Page): boolean {
  return page.status === 303 && page.location.startsWith(redirectUri) && page.answer.has('code');
}

describe('what the page says', () => {
  test('who asks, for what with the risky things first, where, for how long, by which account', async () => {
    await server.addClient({ policy_uri: 'https://client.example/privacy' });
    const scope = 'openid profile email offline_access albums.write';
    const page = await browser.open(authorizePath({ scope, resource: 'https://api.example.com/shared' }));
    assert.equal(page.heading, 'Allow Photo Books to use your account?');
    const items = [...page.text.matchAll(/<li.*?<\/svg><div><p>(.*?)<\/p>/gs)].map((match) => match[1]);
    assert.deepEqual(items, [
      'Keep its access while you are away',
      'Use the permission <code>albums.write</code>',
      'See your e-mail address',
      'See your name',
      'Know that it is you',
    ]);
    for (const text of [
      'client.example',
      'Until you take it back, at most 90 days',
      'Aiko Tanaka',
      'href="https://client.example/privacy"',
    ]) {
      assert.ok(page.text.includes(text), text);
    }
    assert.match(page.text.replaceAll('<wbr>', ''), /https:\/\/api\.example\.com\/shared/);
  });

  test('refusing is as easy as allowing: two buttons of one form', async () => {
    await server.addClient();
    const page = await browser.open(authorizePath());
    assert.deepEqual(page.form('decision', 'allow'), page.form('decision', 'deny'));
  });

  test('access that ends by itself says when', async () => {
    await server.addClient();
    assert.match((await browser.open(authorizePath())).text, /10 minutes at a time/);
  });

  test('a client that registered itself is marked as unchecked, a native one as impersonable', async () => {
    await server.addClient({}, { dynamic: true });
    assert.match((await browser.open(authorizePath())).text, /Nobody has checked this name/);
    await server.addClient({ ...native, redirect_uris: ['com.example.books:/cb'] }, { clientId: 'native' });
    const request = authorizePath({ client_id: 'native', redirect_uri: 'com.example.books:/cb' });
    assert.match((await browser.open(request)).text, /Have you just started this app yourself\?/);
  });

  test('XSS: names, scopes and links are shown as text', async () => {
    const scope = `openid <script>alert('1')</script>`.replaceAll("'", '');
    await server.addClient({ client_name: '<b onclick=x>Books' });
    const record = await server.store.clients.load('photo-books');
    assert.ok(record);
    const metadata = { ...record.metadata, scope, policy_uri: 'https://x/"><script>' };
    await server.store.clients.replace({ ...record, metadata, version: record.version + 1 });
    server.clock.advance(31_000);
    const page = await browser.open(authorizePath({ scope }));
    assert.equal(page.status, 200);
    assert.doesNotMatch(page.text, /<script|<b onclick/);
    assert.match(page.text, /<code>&lt;script&gt;alert/);
  });
});

describe('when it is asked for', () => {
  test('remembered scopes are not asked for again, further ones are, and so are further resources', async () => {
    await server.addClient();
    assert.ok(isCode(await browser.submit(await browser.open(authorizePath()), ['decision', 'allow'])));
    assert.deepEqual(await remembered(), ['openid', 'profile']);
    assert.ok(isCode(await browser.get(authorizePath({ scope: 'openid' }))));
    assert.match((await browser.get(authorizePath({ scope: 'openid email' }))).location, /^\/consent/);
    assert.match(
      (await browser.get(authorizePath({ resource: 'https://api.example.com/shared' }))).location,
      /^\/consent/,
    );
  });

  test('what shall not be remembered is asked for again', async () => {
    await server.addClient();
    const page = await browser.open(authorizePath());
    assert.ok(isCode(await browser.submit(page, ['decision', 'allow'], { remember: '' })));
    assert.equal(await remembered(), undefined);
    assert.match((await browser.get(authorizePath())).location, /^\/consent/);
  });

  test('clients of the operator are not asked about, apart from lasting access', async () => {
    await server.addClient({ skip_consent: true });
    assert.ok(isCode(await browser.get(authorizePath())));
    assert.match((await browser.get(authorizePath({ scope: 'openid offline_access' }))).location, /^\/consent/);
    assert.match((await browser.get(authorizePath({ prompt: 'consent' }))).location, /^\/consent/);
  });

  test('an app that others can pose as is asked about every time, even the operator’s', async () => {
    const redirect = 'com.example.books:/cb';
    await server.addClient({ ...native, skip_consent: true, redirect_uris: [redirect, 'https://client.example/app'] });
    const page = await browser.open(authorizePath({ redirect_uri: redirect }));
    assert.doesNotMatch(page.text, /name="remember"/);
    const answer = await browser.submit(page, ['decision', 'allow'], { remember: 'yes' });
    assert.ok(answer.location.startsWith(`${redirect}?code=`));
    assert.match((await browser.get(authorizePath({ redirect_uri: redirect }))).location, /^\/consent/);
    const none = await browser.get(authorizePath({ redirect_uri: redirect, prompt: 'none' }));
    assert.equal(none.answer.get('error'), 'consent_required');
    const claimed = await browser.get(authorizePath({ redirect_uri: 'https://client.example/app' }));
    assert.ok(claimed.answer.has('code'), 'a claimed https address cannot be taken over');
  });
});

describe('the answer', () => {
  test('refusing goes back with access_denied, and nothing is remembered', async () => {
    await server.addClient();
    const answer = await browser.submit(await browser.open(authorizePath()), ['decision', 'deny']);
    assert.equal(answer.status, 303);
    assert.equal(answer.answer.get('error'), 'access_denied');
    assert.equal(await remembered(), undefined);
    assert.deepEqual(server.events.at(-1)?.event, 'authorization.denied');
  });

  test('another account can be used, and is the one that the code is for', async () => {
    await server.addClient();
    const other = await server.addUser({ username: 'botan', name: 'Botan' });
    const choice = await browser.submit(await browser.open(authorizePath()), ['decision', 'switch']);
    server.clock.advance(1000);
    const login = await browser.get(choice.location);
    assert.equal(login.heading, 'Choose an account');
    const consent = await browser.open((await browser.signIn(login, 'botan')).location);
    const answer = await browser.submit(consent, ['decision', 'allow']);
    assert.equal((await server.codeOf(answer.location))?.value.subject, other.subject);
  });

  test('CSRF: an answer without the browser’s cookie, or from another site, allows nothing', async () => {
    await server.addClient();
    const page = await browser.open(authorizePath());
    assert.equal((await server.browser().submit(page, ['decision', 'allow'])).status, 400);
    const headers = { 'sec-fetch-site': 'cross-site' };
    assert.equal((await browser.submit(page, ['decision', 'allow'], {}, { headers })).status, 403);
    assert.equal(await remembered(), undefined);
  });

  test('a replayed answer allows nothing, and asks again', async () => {
    await server.addClient();
    const page = await browser.open(authorizePath({ prompt: 'consent' }));
    assert.ok(isCode(await browser.submit(page, ['decision', 'allow'])));
    const replayed = await browser.submit(page, ['decision', 'allow']);
    assert.match(replayed.location, /^\/consent\?ticket=/);
    const again = await browser.open(replayed.location);
    assert.match(again.text, /role="alert">This page had been sent already/);
    assert.ok(isCode(await browser.submit(again, ['decision', 'allow'])));
  });

  test('of two copies sent at once one counts', async () => {
    await server.addClient();
    const page = await browser.open(authorizePath({ prompt: 'consent' }));
    const answers = await Promise.all([1, 2, 3].map(() => browser.submit(page, ['decision', 'allow'])));
    assert.equal(answers.filter(isCode).length, 1);
  });

  test('an answer given for one account does not count for another that has signed in since', async () => {
    await server.addClient();
    await server.addUser({ username: 'botan', name: 'Botan' });
    const page = await browser.open(authorizePath());
    await browser.signIn(await browser.open(authorizePath({ prompt: 'login' })), 'botan');
    const answer = await browser.submit(page, ['decision', 'allow']);
    const again = await browser.open(answer.location);
    assert.match(again.text, /Botan/);
  });

  test('an answer after signing out leads to signing in, not to a code', async () => {
    await server.addClient();
    const page = await browser.open(authorizePath());
    await browser.submit(await browser.open('/account'), ['action', 'logout']);
    const answer = await browser.open((await browser.submit(page, ['decision', 'allow'])).location);
    assert.equal(answer.heading, 'Sign in');
  });

  test('an answer that is neither is refused', async () => {
    await server.addClient();
    const { action, hidden } = (await browser.open(authorizePath())).form('decision', 'allow');
    const body = new URLSearchParams({ ...hidden, decision: 'maybe' }).toString();
    assert.equal((await browser.post(action, body)).status, 400);
  });
});
