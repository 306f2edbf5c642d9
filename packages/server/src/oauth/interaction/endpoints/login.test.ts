import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, test } from 'node:test';
import {
  alice,
  authorizePath,
  createInteractionHarness,
  type InteractionHarness,
  pagesIssuer,
  type TestBrowser,
} from '../../../../../../test/support/interaction-harness.ts';
import { redirectUri } from '../../../../../../test/support/oauth-harness.ts';

let server: InteractionHarness;
let browser: TestBrowser;

beforeEach(async () => {
  server = await createInteractionHarness();
  await server.addUser();
  await server.addClient();
  browser = server.browser();
});
afterEach(() => server.close());

const session = '__Host-tegata-session';

describe('signing in', () => {
  test('on one’s own leads to the account page', async () => {
    const login = await browser.open('/login');
    assert.equal(login.heading, 'Sign in');
    const answer = await browser.signIn(login);
    assert.equal(answer.status, 303);
    assert.equal(answer.location, '/account');
    assert.equal((await browser.open('/login')).heading, 'Your account', 'who is signed in needs no sign-in page');
  });

  test('takes the user name in any case and width', async () => {
    assert.equal((await browser.signIn(await browser.open('/login'), ' ＡIKO ')).location, '/account');
  });

  test('a POST is answered with 303, never 307, and without a cacheable body', async () => {
    const answer = await browser.signIn(await browser.open(authorizePath()));
    assert.equal(answer.status, 303);
    assert.equal(answer.header('cache-control'), 'no-store');
    assert.equal(answer.response.body, undefined);
  });

  test('the session cookie is bound to the host, hidden from scripts, and sent over TLS only', async () => {
    const answer = await browser.signIn(await browser.open('/login'));
    const cookie = answer.cookies().find((value) => value.startsWith(session));
    assert.match(cookie ?? '', /^__Host-tegata-session=[\w.-]+; Path=\/; Secure; HttpOnly; SameSite=Lax$/);
  });

  test('an empty form says which field is missing, beside it and on top', async () => {
    const page = await browser.signIn(await browser.open('/login'), '', '');
    assert.equal(page.status, 422);
    assert.match(page.text, /<title>Error: Sign in/);
    assert.match(page.text, /role="alert" tabindex="-1" autofocus/);
    assert.match(page.text, /href="#username">Enter your user name/);
    assert.match(page.text, /aria-describedby="password-fault" aria-invalid="true"/);
  });

  test('a wrong password and an unknown user get the same page', async () => {
    const strip = (text: string) => text.replace(/value="[^"]*"|ticket=[\w-]*/g, '');
    const wrong = await browser.signIn(await browser.open('/login'), alice.username, 'wrong password');
    const unknown = await browser.signIn(await browser.open('/login'), 'nobody', 'wrong password');
    assert.equal(wrong.status, 422);
    assert.equal(unknown.status, 422);
    assert.equal(strip(wrong.text), strip(unknown.text));
  });

  test('unknown users, disabled users and impossible names cost a password check as well', async () => {
    const checks: (string | undefined)[] = [];
    const { passwords } = server.deps;
    const counting = {
      ...passwords,
      verify(password: string, stored: string | undefined) {
        checks.push(stored);
        return passwords.verify(password, stored);
      },
    };
    await server.close();
    server = await createInteractionHarness({ passwords: counting });
    const user = await server.addUser();
    await server.store.users.replace({ ...user, disabled: true, updatedAt: user.updatedAt + 1 }, user.updatedAt);
    browser = server.browser();
    for (const username of ['nobody', alice.username, 'a\u0000b', 'x'.repeat(9000)]) {
      assert.equal((await browser.signIn(await browser.open('/login'), username)).status, 422);
    }
    assert.deepEqual(checks, [undefined, undefined, undefined, undefined]);
  });

  test('a password is never sent back, the user name is', async () => {
    const page = await browser.signIn(await browser.open('/login'), 'someone', 'secret that must not return');
    assert.match(page.text, /value="someone"/);
    assert.doesNotMatch(page.text, /must not return/);
  });

  test('cancelling goes back to the client with access_denied', async () => {
    const answer = await browser.submit(await browser.open(authorizePath()), ['action', 'cancel']);
    assert.equal(answer.status, 303);
    assert.ok(answer.location.startsWith(redirectUri));
    assert.equal(answer.answer.get('error'), 'access_denied');
    assert.equal(answer.answer.get('state'), 'af0ifjsldkj');
    assert.equal(answer.answer.get('iss'), pagesIssuer);
  });

  test('a login_hint starts the form, and the focus is on the password', async () => {
    const page = await browser.open(authorizePath({ login_hint: 'aiko' }));
    assert.match(page.text, /id="username"[^>]* value="aiko"/);
    assert.match(page.text, /id="password"[^>]* autofocus/);
  });

  test('events name the user after success and nobody after failure', async () => {
    await browser.signIn(await browser.open('/login'), alice.username, 'wrong password');
    await browser.signIn(await browser.open('/login'));
    const [failed, succeeded] = server.events;
    assert.equal(failed?.event, 'login.failed');
    assert.equal(failed?.subject, undefined);
    assert.equal(succeeded?.event, 'login.succeeded');
    assert.match(succeeded?.subject ?? '', /^usr_/);
    assert.doesNotMatch(JSON.stringify(server.events), /wrong password|rather long/);
  });
});

describe('attacks on the form', () => {
  test('CSRF: a form without the browser’s cookie is refused', async () => {
    const login = await browser.open(authorizePath());
    const victim = server.browser();
    const page = await victim.signIn(login);
    assert.equal(page.status, 400);
    assert.equal(page.heading, 'This page has expired');
    assert.deepEqual(page.cookies(), []);
  });

  test('CSRF: a form made for another browser is refused (login CSRF)', async () => {
    const attacker = await server.browser().open(authorizePath());
    await browser.open('/login');
    assert.equal((await browser.signIn(attacker)).status, 400);
    assert.equal(browser.cookies.has(session), false);
  });

  test('CSRF: a form from another site is refused, by fetch metadata or by origin', async () => {
    const login = await browser.open('/login');
    const foreign: Record<string, string | undefined>[] = [
      { 'sec-fetch-site': 'cross-site' },
      { 'sec-fetch-site': 'same-site' },
      { 'sec-fetch-site': 'none' },
      { 'sec-fetch-site': undefined, origin: 'https://evil.example' },
      { 'sec-fetch-site': undefined, origin: `${pagesIssuer}.evil.example` },
    ];
    for (const headers of foreign) {
      const page = await browser.submit(login, ['action', 'login'], { ...alice }, { headers });
      assert.equal(page.status, 403);
      assert.equal(page.heading, 'This did not come from our page');
    }
  });

  test('browsers without fetch metadata, which hide the origin because of no-referrer, can sign in', async () => {
    for (const origin of ['null', undefined, pagesIssuer]) {
      const headers = { 'sec-fetch-site': undefined, origin };
      const page = await browser.submit(await browser.open('/login'), ['action', 'login'], { ...alice }, { headers });
      assert.equal(page.location, '/account');
      browser = server.browser();
    }
  });

  test('a tampered seal is refused', async () => {
    const login = await browser.open(authorizePath());
    const { action, hidden } = login.form('action', 'login');
    const ticket = hidden.ticket ?? '';
    const flipped = (at: number) => `${ticket.slice(0, at)}${ticket[at] === 'A' ? 'B' : 'A'}${ticket.slice(at + 1)}`;
    for (const bad of [
      '',
      'x',
      `${ticket}AAAA`,
      ticket.slice(4),
      flipped(0),
      flipped(30),
      flipped(ticket.length - 3),
    ]) {
      const body = new URLSearchParams({ ticket: bad, ...alice, action: 'login' }).toString();
      assert.equal((await browser.post(action, body)).status, 400);
    }
  });

  test('a ticket of one page opens no other', async () => {
    const login = await browser.open(authorizePath());
    const { ticket = '' } = login.form('action', 'login').hidden;
    for (const path of ['/consent', '/login', '/authorize']) {
      assert.equal((await browser.get(`${path}?ticket=${ticket}`)).heading, 'This page has expired', path);
    }
    const address = new URLSearchParams(login.path.split('?')[1]).get('ticket') ?? '';
    const body = new URLSearchParams({ ticket: address, ...alice }).toString();
    assert.equal((await browser.post('/login', body)).heading, 'This page has expired');
  });

  test('an address that somebody else was sent to opens nothing', async () => {
    const { location } = await browser.get(authorizePath());
    const page = await server.browser().get(location);
    assert.equal(page.heading, 'This page has expired');
  });

  test('a replayed form signs nobody in', async () => {
    const login = await browser.open(authorizePath());
    assert.equal((await browser.signIn(login)).status, 303);
    browser.cookies.delete(session);
    const replayed = await browser.signIn(login);
    assert.equal(replayed.status, 409);
    assert.deepEqual(replayed.cookies(), []);
    assert.match((await browser.signIn(replayed)).location, /^\/consent\?/, 'the page that says so works');
  });

  test('a page that was left open too long has expired', async () => {
    const login = await browser.open(authorizePath());
    server.clock.advance(server.deps.lifetimes.page);
    assert.equal((await browser.signIn(login)).heading, 'This page has expired');
  });

  test('session fixation: signing in makes a new session and ends the one that was there', async () => {
    await browser.signIn(await browser.open('/login'));
    const planted = browser.cookies.get(session) ?? '';
    const victim = server.browser();
    victim.cookies.set(session, planted);
    await server.addUser({ username: 'victim', name: 'Victim' });
    server.clock.advance(1000);
    await victim.signIn(await victim.open(authorizePath({ prompt: 'login' })), 'victim');
    assert.notEqual(victim.cookies.get(session)?.slice(0, 54), planted.slice(0, 54));
    assert.equal((await browser.get('/account')).location, '/login', 'the planted session is over');
  });

  test('XSS: client name, user name and hints are shown as text', async () => {
    const attack = '"><script>alert(1)</script><img src=x onerror=alert(1)>';
    await server.addClient({ client_name: attack }, { clientId: 'evil' });
    const login = await browser.open(
      authorizePath({ client_id: 'evil', login_hint: attack, state: attack, nonce: attack }),
    );
    const again = await browser.signIn(login, attack, 'wrong password');
    for (const page of [login, again]) {
      assert.doesNotMatch(page.text, /<script|<img/);
      assert.match(page.text, /&lt;script&gt;alert\(1\)/);
    }
  });

  test('oversized, malformed and repeated input is refused without a trace', async () => {
    const login = await browser.open('/login');
    const { ticket = '' } = login.form('action', 'login').hidden;
    const bodies = [`ticket=${ticket}&username=a&username=b`, 'ticket=%zz', 'a=1&'.repeat(50), 'x'.repeat(40_000)];
    for (const body of bodies) assert.equal((await browser.post('/login', body)).status, 400);
    const long = await browser.signIn(login, 'u'.repeat(5000), 'p'.repeat(9000));
    assert.equal(long.status, 422);
    assert.deepEqual(browser.cookies.has(session), false);
  });

  test('open redirect: no parameter of the page decides where it leads', async () => {
    for (const name of ['return_to', 'next', 'redirect_uri', 'continue']) {
      const login = await browser.open(`/login?${name}=https://evil.example/`);
      const answer = await browser.signIn(login);
      assert.equal(answer.location, '/account');
      assert.doesNotMatch(login.text, /evil\.example/);
      browser = server.browser();
    }
  });
});

describe('throttling', () => {
  const fail = async (times: number, username: string = alice.username, address = '192.0.2.7') => {
    const statuses: number[] = [];
    for (let attempt = 0; attempt < times; attempt++) {
      const login = await browser.open('/login');
      const fields = { username, password: 'a wrong password' };
      statuses.push((await browser.submit(login, ['action', 'login'], fields, { address })).status);
    }
    return statuses;
  };

  test('guessing one user’s password is slowed down more and more, from wherever it comes', async () => {
    assert.deepEqual(await fail(5), [422, 422, 422, 422, 429]);
    const login = await browser.open('/login');
    const right = await browser.submit(login, ['action', 'login'], { ...alice }, { address: '198.51.100.1' });
    assert.equal(right.status, 429, 'not even the right password gets through');
    assert.equal(right.header('retry-after'), '5');
    assert.match(right.text, /Try again in 5 seconds/);
    server.clock.advance(5000);
    assert.deepEqual(await fail(2), [422, 429]);
    server.clock.advance(14_999);
    assert.deepEqual(await fail(1), [429]);
    server.clock.advance(1);
    assert.equal((await browser.signIn(await browser.open('/login'))).status, 303);
    browser = server.browser();
    assert.deepEqual(await fail(4), [422, 422, 422, 422], 'success makes the name start afresh');
  });

  test('other names for the same user and unknown names are counted alike', async () => {
    assert.deepEqual(await fail(2), [422, 422]);
    assert.deepEqual(await fail(3, 'ＡＩＫＯ'), [422, 422, 429]);
    assert.deepEqual(await fail(5, 'nobody'), [422, 422, 422, 422, 429]);
  });

  test('many names from one address are slowed down too', async () => {
    const statuses: number[] = [];
    for (let attempt = 0; attempt < 52; attempt++) statuses.push(...(await fail(1, `user${attempt}`)));
    assert.equal(statuses.filter((status) => status === 422).length, 51);
    assert.equal(statuses.at(-1), 429);
    assert.deepEqual(await fail(1, 'user99', '203.0.113.5'), [422], 'other addresses are not');
  });

  test('of many attempts at one moment only the free ones get through', async () => {
    const page = await browser.open('/login');
    const attempts = Array.from({ length: 12 }, () => browser.signIn(page, alice.username, 'a wrong password'));
    const statuses = (await Promise.all(attempts)).map(({ status }) => status);
    assert.ok(statuses.filter((status) => status === 422).length <= 5, statuses.join(' '));
  });
});

describe('languages', () => {
  test('ui_locales, then Accept-Language, and above both what the user picks on the page', async () => {
    const japanese = server.browser({ 'accept-language': 'fr, ja;q=0.8, en;q=0.7' });
    assert.match((await japanese.open('/login')).text, /<html lang="ja">/);
    assert.match((await japanese.open(authorizePath({ ui_locales: 'en-GB ja' }))).text, /<html lang="en">/);
    const login = await japanese.open(authorizePath({ ui_locales: 'en' }));
    const link = /href="([^"]*lang=ja)"/.exec(login.text)?.[1]?.replaceAll('&amp;', '&') ?? '';
    assert.match((await japanese.get(link)).text, /<h1>サインイン<\/h1>/);
    assert.match((await japanese.open(authorizePath({ ui_locales: 'en' }))).text, /<html lang="ja">/, 'it is kept');
    assert.match((await japanese.signIn(login, '', '')).text, /ユーザー名を入力してください/);
  });

  test('a language that is none is ignored', async () => {
    const page = await browser.get('/login?lang=%22%3E%3Cscript%3E');
    assert.match(page.text, /<html lang="en">/);
    assert.deepEqual(
      page.cookies().filter((cookie) => cookie.includes('language')),
      [],
    );
  });

  test('the client is called by the name that it has in the page’s language', async () => {
    await server.addClient({ 'client_name#ja': '写真集' }, { clientId: 'books' });
    assert.match((await browser.open(authorizePath({ client_id: 'books', ui_locales: 'ja' }))).text, /写真集/);
    assert.match((await server.browser().open(authorizePath({ client_id: 'books' }))).text, /Photo Books/);
  });
});
