import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, test } from 'node:test';
import {
  alice,
  authorizePath,
  createInteractionHarness,
  type InteractionHarness,
  type Page,
  pagesIssuer,
  type TestBrowser,
} from '../../../../../test/support/interaction-harness.ts';
import { codeChallenge, redirectUri, startOfTime } from '../../../../../test/support/oauth-harness.ts';

let server: InteractionHarness;
let browser: TestBrowser;

beforeEach(async () => {
  server = await createInteractionHarness();
  await server.addUser();
  browser = server.browser();
});
afterEach(() => server.close());

/** Signs in and allows what is asked; the redirect back to the client. */
async function authorize(path = authorizePath()): Promise<Page> {
  const login = await browser.open(path);
  const consent = await browser.open((await browser.signIn(login)).location);
  return browser.submit(consent, ['decision', 'allow']);
}

function assertErrorRedirect(page: Page, error: string, to = redirectUri): void {
  assert.equal(page.status, 303, page.text.slice(0, 500));
  assert.ok(page.location.startsWith(`${to}?`), page.location);
  assert.equal(page.answer.get('error'), error, page.location);
  assert.equal(page.answer.get('iss'), pagesIssuer);
  assert.equal(page.answer.get('code'), null);
  assert.match(page.answer.get('error_description') ?? '', /^[\x20\x21\x23-\x5b\x5d-\x7e]{10,}$/);
}

describe('the way to a code', () => {
  test('leads over sign-in and consent back to the client with code, state and iss', async () => {
    await server.addClient();
    const answer = await authorize();
    assert.equal(answer.status, 303);
    assert.ok(answer.location.startsWith(`${redirectUri}?`));
    assert.deepEqual([...answer.answer.keys()], ['code', 'state', 'iss']);
    assert.equal(answer.answer.get('state'), 'af0ifjsldkj');
    assert.equal(answer.answer.get('iss'), pagesIssuer);
  });

  test('stores with the code what the grants need', async () => {
    await server.addClient();
    const resource = 'https://api.example.com/shared';
    const answer = await authorize(authorizePath({ scope: 'openid profile offline_access', resource }));
    const code = await server.codeOf(answer.location);
    const user = await server.store.users.findByUsername(alice.username);
    const { sid, ...detail } = code?.value.detail ?? {};
    assert.equal(code?.value.subject, user?.subject);
    assert.equal(code?.value.clientId, 'photo-books');
    assert.deepEqual(code?.value.scopes, ['openid', 'profile', 'offline_access']);
    assert.deepEqual(code?.value.resources, [resource]);
    assert.equal(typeof sid, 'string');
    const expected = { redirectUri, codeChallenge, nonce: 'n-0S6_WzA2Mj', authTime: startOfTime, amr: ['pwd'] };
    assert.deepEqual(detail, { ...expected, offline: true });
    assert.equal(code?.expiresAt, startOfTime + 60_000);
    assert.doesNotMatch(code?.family ?? '.', /\./);
  });

  test('a signed-in user with remembered consent comes back at once', async () => {
    await server.addClient();
    await authorize();
    const answer = await browser.get(authorizePath({ state: 'second' }));
    assert.equal(answer.answer.get('state'), 'second');
    assert.ok(answer.answer.has('code'));
  });

  test('lasting access needs openid and offline_access, or a plain OAuth client with refresh tokens', async () => {
    await server.addClient();
    await server.addClient({ grant_types: ['authorization_code'] }, { clientId: 'no-refresh' });
    const offline = async (scope: string, client_id = 'photo-books') => {
      browser = server.browser();
      const code = await server.codeOf((await authorize(authorizePath({ scope, client_id }))).location);
      return code?.value.detail.offline;
    };
    assert.equal(await offline('openid profile'), false);
    assert.equal(await offline('openid offline_access'), true);
    assert.equal(await offline('albums.read'), true);
    assert.equal(await offline('albums.read', 'no-refresh'), false);
  });

  test('without a scope the client gets its own ones, and no identity', async () => {
    await server.addClient();
    const code = await server.codeOf((await authorize(authorizePath({ scope: undefined }))).location);
    assert.deepEqual(code?.value.scopes, ['albums.read', 'albums.write']);
  });

  test('POST is answered like GET, by way of an address to which the browser brings its cookies', async () => {
    await server.addClient();
    await authorize();
    const body = authorizePath({ state: 'posted' }).split('?')[1] ?? '';
    const crossSite = { 'sec-fetch-site': 'cross-site', origin: 'https://client.example', cookie: undefined };
    const posted = await browser.post('/authorize', body, { headers: crossSite });
    assert.equal(posted.status, 303);
    assert.match(posted.location, /^\/authorize\?ticket=[\w-]+$/);
    const answer = await browser.get(posted.location);
    assert.equal(answer.answer.get('state'), 'posted');
  });

  test('a redirect URI with a query of its own keeps it', async () => {
    await server.addClient({ redirect_uris: [`${redirectUri}?tenant=a%20b`] });
    const answer = await authorize(authorizePath({ redirect_uri: `${redirectUri}?tenant=a%20b` }));
    assert.ok(answer.location.startsWith(`${redirectUri}?tenant=a%20b&code=`), answer.location);
  });

  test('plain OAuth may leave out the only redirect URI, OpenID Connect may not', async () => {
    await server.addClient();
    const answer = await authorize(authorizePath({ redirect_uri: undefined, scope: 'albums.read' }));
    assert.ok(answer.location.startsWith(redirectUri));
    const refused = await browser.get(authorizePath({ redirect_uri: undefined }));
    assert.equal(refused.status, 400);
    assert.equal(refused.header('location'), undefined);
  });

  test('a native client gets its answer on any port of the loopback address', async () => {
    const native = { application_type: 'native', token_endpoint_auth_method: 'none' };
    await server.addClient({ ...native, redirect_uris: ['http://127.0.0.1/cb'], post_logout_redirect_uris: [] });
    const answer = await authorize(authorizePath({ redirect_uri: 'http://127.0.0.1:49152/cb' }));
    assert.ok(answer.location.startsWith('http://127.0.0.1:49152/cb?code='));
  });
});

describe('nobody is redirected before client and redirect URI are known', () => {
  const cases: Record<string, Record<string, string | undefined>> = {
    'no client': { client_id: undefined },
    'an unknown client': { client_id: 'nobody' },
    'a client with a NUL': { client_id: 'photo\u0000books' },
    'an endless client': { client_id: 'x'.repeat(3000) },
    'a markup as client': { client_id: '"><script>alert(1)</script>' },
    'an unregistered redirect URI': { redirect_uri: 'https://evil.example/' },
    'a redirect URI with another path': { redirect_uri: `${redirectUri}/..%2fevil` },
    'a redirect URI with a slash more': { redirect_uri: `${redirectUri}/` },
    'a redirect URI with a query more': { redirect_uri: `${redirectUri}?next=https://evil.example` },
    'a redirect URI in other case': { redirect_uri: redirectUri.replace('client', 'CLIENT') },
    'a redirect URI with user information': { redirect_uri: 'https://client.example@evil.example/callback' },
    'a subdomain': { redirect_uri: 'https://evil.client.example/callback' },
    'another port': { redirect_uri: 'https://client.example:8443/callback' },
    'a script as redirect URI': { redirect_uri: 'javascript:alert(1)' },
  };
  for (const [name, change] of Object.entries(cases)) {
    test(`open redirect: ${name}`, async () => {
      await server.addClient();
      for (const prompt of [undefined, 'none']) {
        const page = await browser.get(authorizePath({ ...change, prompt }));
        assert.equal(page.status, 400);
        assert.equal(page.header('location'), undefined);
        assert.doesNotMatch(page.text, /evil|<script|href="javascript/);
        assert.match(page.text, /req-7/, 'the page has a reference');
      }
    });
  }

  for (const name of ['client_id', 'redirect_uri']) {
    test(`a repeated ${name} is refused on a page`, async () => {
      await server.addClient();
      const twice = new URLSearchParams(authorizePath().split('?')[1]).get(name) ?? '';
      const page = await browser.get(`${authorizePath()}&${name}=${encodeURIComponent(twice)}`);
      assert.equal(page.status, 400);
      assert.equal(page.header('location'), undefined);
    });
  }

  test('what is no form, too long or holds too many parameters is refused on a page', async () => {
    await server.addClient();
    const bad = ['/authorize?%zz=1', `/authorize?${'a=1&'.repeat(80)}`, `/authorize?state=${'x'.repeat(20_000)}`];
    for (const path of bad) assert.equal((await browser.get(path)).status, 400, path.slice(0, 40));
    assert.equal((await browser.post('/authorize', 'state='.padEnd(20_000, 'x'))).status, 400);
  });

  test('a ticket of ours that is no carried request is refused', async () => {
    await server.addClient();
    const login = await browser.get(authorizePath());
    const ticket = new URLSearchParams(login.location.split('?')[1]).get('ticket') ?? '';
    for (const bad of [ticket, 'x', `${ticket}A`])
      assert.equal((await browser.get(`/authorize?ticket=${bad}`)).status, 400);
  });
});

describe('faults that the client is told about', () => {
  const cases: Record<string, readonly [Record<string, string | undefined>, string]> = {
    'no response_type': [{ response_type: undefined }, 'invalid_request'],
    implicit: [{ response_type: 'token' }, 'unsupported_response_type'],
    hybrid: [{ response_type: 'code id_token' }, 'unsupported_response_type'],
    'response_mode fragment': [{ response_mode: 'fragment' }, 'invalid_request'],
    'response_mode form_post': [{ response_mode: 'form_post' }, 'invalid_request'],
    'no code_challenge': [{ code_challenge: undefined }, 'invalid_request'],
    'no code_challenge_method': [{ code_challenge_method: undefined }, 'invalid_request'],
    'plain PKCE': [{ code_challenge_method: 'plain' }, 'invalid_request'],
    'a short code_challenge': [{ code_challenge: 'abc' }, 'invalid_request'],
    'an unknown scope': [{ scope: 'openid admin' }, 'invalid_scope'],
    'a malformed scope': [{ scope: 'openid  "x"' }, 'invalid_scope'],
    'a foreign resource': [{ resource: 'https://other.example/api' }, 'invalid_target'],
    'a relative resource': [{ resource: '/api' }, 'invalid_target'],
    'a resource with a fragment': [{ resource: 'https://api.example.com/shared#x' }, 'invalid_target'],
    'an unknown prompt': [{ prompt: 'create' }, 'invalid_request'],
    'none with another prompt': [{ prompt: 'none login' }, 'invalid_request'],
    'a max_age that is no number': [{ max_age: '-1' }, 'invalid_request'],
    'a max_age in words': [{ max_age: 'ten' }, 'invalid_request'],
    'an endless nonce': [{ nonce: 'n'.repeat(513) }, 'invalid_request'],
    'a request object': [{ request: 'eyJ.e30.' }, 'request_not_supported'],
    'a request_uri': [{ request_uri: 'https://client.example/r' }, 'request_uri_not_supported'],
    registration: [{ registration: '{}' }, 'registration_not_supported'],
    'a hint that is no ID Token': [{ id_token_hint: 'eyJhbGciOiJub25lIn0.e30.' }, 'invalid_request'],
  };
  for (const [name, [change, error]] of Object.entries(cases)) {
    test(`${name} is ${error}`, async () => {
      await server.addClient();
      const page = await browser.get(authorizePath(change));
      assertErrorRedirect(page, error);
      assert.equal(page.answer.get('state'), 'af0ifjsldkj');
    });
  }

  test('repeated parameters, apart from resource', async () => {
    await server.addClient();
    for (const name of ['scope', 'nonce', 'code_challenge', 'prompt', 'response_type', 'unknown']) {
      const page = await browser.get(`${authorizePath()}&${name}=a&${name}=b`);
      assertErrorRedirect(page, 'invalid_request');
      assert.equal(page.answer.get('state'), 'af0ifjsldkj');
    }
    const resources = '&resource=https://api.example.com/shared&resource=https://id.example.com';
    assert.match((await browser.get(authorizePath() + resources)).location, /^\/login\?/);
  });

  test('a repeated state, one with line ends, and an endless one are not sent back', async () => {
    await server.addClient();
    const bad = [
      `${authorizePath()}&state=other`,
      authorizePath({ state: 'a\r\nSet-Cookie: x=1' }),
      authorizePath({ state: 'ä' }),
    ];
    for (const path of [...bad, authorizePath({ state: 's'.repeat(2049) })]) {
      const page = await browser.get(path);
      assertErrorRedirect(page, 'invalid_request');
      assert.equal(page.answer.get('state'), null);
      assert.doesNotMatch(page.location, /[\r\n]/);
    }
  });

  test('a client without the authorization_code grant', async () => {
    await server.addClient();
    const record = await server.store.clients.load('photo-books');
    assert.ok(record);
    const metadata = { ...record.metadata, grant_types: ['client_credentials'] };
    await server.store.clients.replace({ ...record, metadata, version: record.version + 1 });
    assertErrorRedirect(await server.browser().get(authorizePath()), 'unauthorized_client');
  });

  test('a request that is too long to travel sealed', async () => {
    await server.addClient({ redirect_uris: [`${redirectUri}?${'x'.repeat(1900)}`] });
    const long = {
      redirect_uri: `${redirectUri}?${'x'.repeat(1900)}`,
      state: 's'.repeat(2048),
      nonce: 'n'.repeat(512),
    };
    const page = await browser.get(authorizePath({ ...long, login_hint: 'h'.repeat(256) }));
    assert.equal(page.answer.get('error'), 'invalid_request');
  });

  test('hints that make no sense, display, claims and acr_values are ignored', async () => {
    await server.addClient();
    const odd = {
      ui_locales: '<x> ja',
      login_hint: 'h'.repeat(300),
      display: 'popup',
      claims: '{',
      acr_values: 'gold',
    };
    const page = await browser.open(authorizePath(odd));
    assert.equal(page.status, 200);
    assert.match(page.text, /<html lang="ja">/);
    assert.doesNotMatch(page.text, /hhhh/);
  });
});

describe('clients that registered themselves', () => {
  test('open redirect: a faulty request gets a page with a link instead of an instant redirect', async () => {
    await server.addClient({}, { dynamic: true });
    const page = await browser.get(authorizePath({ scope: 'nonsense' }));
    assert.equal(page.status, 400);
    assert.equal(page.header('location'), undefined);
    const link = /<a class="button primary" href="([^"]+)"/.exec(page.text)?.[1]?.replaceAll('&amp;', '&') ?? '';
    assert.ok(link.startsWith(`${redirectUri}?error=invalid_scope&`), link);
    assert.match(link, /state=af0ifjsldkj&iss=/);
  });

  test('prompt=none is answered by redirect, since no page may be shown', async () => {
    await server.addClient({}, { dynamic: true });
    assertErrorRedirect(await browser.get(authorizePath({ scope: 'nonsense', prompt: 'none' })), 'invalid_scope');
  });
});

describe('prompt and max_age', () => {
  test('prompt=none never shows a page', async () => {
    await server.addClient();
    assertErrorRedirect(await browser.get(authorizePath({ prompt: 'none' })), 'login_required');
    await browser.signIn(await browser.open('/login'));
    assertErrorRedirect(await browser.get(authorizePath({ prompt: 'none' })), 'consent_required');
    await browser.submit(await browser.open(authorizePath()), ['decision', 'allow'], { remember: 'yes' });
    assert.ok((await browser.get(authorizePath({ prompt: 'none' }))).answer.has('code'));
  });

  test('prompt=login asks for the password again, and counts a sign-in after the request', async () => {
    await server.addClient();
    await authorize();
    server.clock.advance(1000);
    const login = await browser.open(authorizePath({ prompt: 'login' }));
    assert.equal(login.heading, 'Confirm that it is you');
    assert.match(login.text, /value="aiko"/);
    const answer = await browser.signIn(login);
    const code = await server.codeOf(answer.location);
    assert.equal(code?.value.detail.authTime, startOfTime + 1000);
  });

  test('prompt=consent asks although the consent is remembered', async () => {
    await server.addClient();
    await authorize();
    assert.match((await browser.get(authorizePath({ prompt: 'consent' }))).location, /^\/consent\?/);
  });

  test('prompt=select_account offers the account of the session and another one', async () => {
    await server.addClient();
    await authorize();
    server.clock.advance(1000);
    const choice = await browser.open(authorizePath({ prompt: 'select_account' }));
    assert.equal(choice.heading, 'Choose an account');
    assert.match(choice.text, /Continue as <bdi>Aiko Tanaka<\/bdi>/);
    const answer = await browser.submit(choice, ['action', 'continue']);
    assert.ok(answer.answer.has('code'), answer.location);
  });

  test('max_age asks again when the sign-in is too long ago, and not before', async () => {
    await server.addClient();
    await authorize();
    server.clock.advance(60_000);
    assert.ok((await browser.get(authorizePath({ max_age: '60' }))).answer.has('code'));
    server.clock.advance(1);
    assert.match((await browser.get(authorizePath({ max_age: '60' }))).location, /^\/login\?/);
    assertErrorRedirect(await browser.get(authorizePath({ max_age: '60', prompt: 'none' })), 'login_required');
  });

  test('max_age=0 is satisfied by signing in during the request', async () => {
    await server.addClient();
    await authorize();
    server.clock.advance(1000);
    const login = await browser.open(authorizePath({ max_age: '0' }));
    server.clock.advance(5000);
    const answer = await browser.signIn(login);
    assert.ok(answer.answer.has('code'), answer.location);
  });

  test('default_max_age of the registration counts when the request has none', async () => {
    await server.addClient({ default_max_age: 60 });
    await authorize();
    server.clock.advance(61_000);
    assert.match((await browser.get(authorizePath())).location, /^\/login\?/);
  });
});

describe('id_token_hint', () => {
  test('the expected user needs no further sign-in, even with an expired hint', async () => {
    await server.addClient();
    await authorize();
    const user = await server.store.users.findByUsername(alice.username);
    const hint = await server.idToken({ sub: user?.subject, exp: 1 });
    const answer = await browser.get(authorizePath({ id_token_hint: hint, prompt: 'none' }));
    assert.ok(answer.answer.has('code'), answer.location);
  });

  test('another user is asked to sign in, and refused when it is not the expected one', async () => {
    await server.addClient();
    await authorize();
    server.clock.advance(1000);
    const hint = await server.idToken({ sub: 'usr_somebody' });
    assertErrorRedirect(await browser.get(authorizePath({ id_token_hint: hint, prompt: 'none' })), 'login_required');
    const login = await browser.open(authorizePath({ id_token_hint: hint }));
    assertErrorRedirect(await browser.signIn(login), 'login_required');
  });

  test('an access token, a foreign issuer and a foreign key are no hints', async () => {
    await server.addClient();
    const good = await server.idToken({ sub: 'usr_a' });
    const bad = [await server.idToken({ sub: 'usr_a', iss: 'https://other.example' }), `${good.slice(0, -6)}AAAAAA`];
    for (const id_token_hint of bad)
      assertErrorRedirect(await browser.get(authorizePath({ id_token_hint })), 'invalid_request');
  });
});

describe('things that change while the pages are open', () => {
  test('a client that is removed meanwhile gets no code', async () => {
    await server.addClient();
    const login = await browser.open(authorizePath());
    await server.store.clients.remove('photo-books', server.clock.now());
    server.clock.advance(31_000);
    const answer = await browser.signIn(login);
    assert.equal(answer.status, 400);
    assert.equal(answer.header('location'), undefined);
  });

  test('a redirect URI that is taken back meanwhile gets no code', async () => {
    await server.addClient();
    const login = await browser.open(authorizePath());
    const record = await server.store.clients.load('photo-books');
    assert.ok(record);
    const metadata = { ...record.metadata, redirect_uris: ['https://client.example/other'] };
    await server.store.clients.replace({ ...record, metadata, version: record.version + 1 });
    server.clock.advance(31_000);
    assert.equal((await browser.signIn(login)).header('location'), undefined);
  });

  test('a user who is disabled is signed out', async () => {
    await server.addClient();
    await authorize();
    const user = await server.store.users.findByUsername(alice.username);
    assert.ok(user);
    await server.store.users.replace({ ...user, disabled: true, updatedAt: user.updatedAt + 1 }, user.updatedAt);
    assert.match((await browser.get(authorizePath())).location, /^\/login\?/);
  });
});

test('wrong methods and media types are answered with a page', async () => {
  const page = await browser.send('PUT', '/authorize', {});
  assert.equal(page.status, 405);
  assert.equal(page.header('allow'), 'GET, POST');
  assert.match(page.header('content-type') ?? '', /^text\/html/);
});
