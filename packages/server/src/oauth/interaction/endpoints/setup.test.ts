import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, test } from 'node:test';
import { day } from '@tegata/core/time/duration';
import {
  createInteractionHarness,
  type InteractionHarness,
  pagesIssuer,
  type TestBrowser,
} from '../../../../../../test/support/interaction-harness.ts';
import { createSetupLink } from '../users/setup-link.ts';

let server: InteractionHarness;
let browser: TestBrowser;

beforeEach(async () => {
  server = await createInteractionHarness();
  browser = server.browser();
});
afterEach(() => server.close());

const account = { username: 'admin-aiko', name: 'Aiko', password: 'plums in spring 1', repeat: 'plums in spring 1' };

async function link(): Promise<string> {
  const made = await createSetupLink(server.store, pagesIssuer, server.clock.now(), server.deps.random);
  assert.ok(made);
  assert.ok(made.startsWith(`${pagesIssuer}/setup?token=`));
  return made.slice(pagesIssuer.length);
}

const create = async (path: string, fields: Record<string, string> = account) =>
  browser.submit(await browser.get(path), ['', ''], fields);

test('the link makes an administrator who is signed in at once', async () => {
  const answer = await create(await link());
  assert.equal(answer.status, 303);
  assert.equal(answer.location, '/account');
  const page = await browser.get('/account');
  assert.match(page.text, /Aiko/);
  assert.match(page.text, /Administrator/);
  const user = await server.store.users.findByUsername('admin-aiko');
  assert.equal(user?.administrator, true);
  assert.match(user?.subject ?? '', /^usr_[0-9a-v]{21}$/);
  assert.match(user?.passwordHash ?? '', /^\$argon2id\$v=19\$m=64,t=1,p=1\$/);
});

test('looking at the link, by GET or HEAD, does not spend it', async () => {
  const path = await link();
  for (let look = 0; look < 3; look++) assert.equal((await browser.get(path)).status, 200);
  assert.equal((await create(path)).status, 303);
});

test('the link works once', async () => {
  const path = await link();
  const page = await browser.get(path);
  await browser.submit(page, ['', ''], account);
  const again = await browser.submit(page, ['', ''], { ...account, username: 'second' });
  assert.equal(again.status, 410);
  assert.equal(again.heading, 'This server is set up already');
  assert.equal(await server.store.users.findByUsername('second'), undefined);
});

test('of two people who use it at once one becomes administrator', async () => {
  const path = await link();
  const pages = [await browser.get(path), await browser.get(path)];
  const answers = await Promise.all(
    pages.map((page, at) => browser.submit(page, ['', ''], { ...account, username: `admin${at}-aiko` })),
  );
  assert.deepEqual(answers.map(({ status }) => status).sort(), [303, 410]);
});

test('it is good for a day, and a newer link ends it', async () => {
  const old = await link();
  server.clock.advance(day);
  assert.equal((await browser.get(old)).status, 410);
  const replaced = await link();
  const newest = await link();
  assert.equal((await browser.get(replaced)).status, 410);
  assert.equal((await browser.get(newest)).status, 200);
});

test('no link is made once there is a user', async () => {
  await server.addUser();
  assert.equal(await createSetupLink(server.store, pagesIssuer, server.clock.now(), server.deps.random), undefined);
});

test('a token that is none gets a page that says what to do', async () => {
  for (const token of ['', 'x', '0'.repeat(21).concat('.', 'A'.repeat(32)), '%00']) {
    const page = await browser.get(`/setup?token=${token}`);
    assert.equal(page.status, 410);
    assert.match(page.text, /Start the server again/);
  }
});

test('CSRF: the form needs the browser that it was made for, and our own page', async () => {
  const page = await browser.get(await link());
  assert.equal((await server.browser().submit(page, ['', ''], account)).status, 400);
  const headers = { 'sec-fetch-site': 'cross-site' };
  assert.equal((await browser.submit(page, ['', ''], account, { headers })).status, 403);
  assert.equal(await server.store.users.any(), false);
});

describe('faults of the new account are told beside the field, and cost nothing', () => {
  const cases: Record<string, readonly [Partial<typeof account>, string, RegExp]> = {
    'no user name': [{ username: '' }, 'username', /Choose a user name/],
    'control characters': [{ username: 'a\u0007b' }, 'username', /control characters/],
    'an invisible character': [{ username: 'ai\u200bko' }, 'username', /control characters/],
    'a name that is too long': [{ name: 'x'.repeat(129) }, 'name', /128/],
    'no password': [{ password: '', repeat: '' }, 'password', /Choose a password/],
    'a short password': [{ password: 'elevenchars', repeat: 'elevenchars' }, 'password', /too short/],
    'a huge password': [{ password: 'x1'.repeat(600), repeat: 'x1'.repeat(600) }, 'password', /too long/],
    'a common password': [{ password: 'Password1234!', repeat: 'Password1234!' }, 'password', /guessed first/],
    'the user name as password': [{ password: 'admin-aiko-1', repeat: 'admin-aiko-1' }, 'password', /user name/],
    'a repetition that differs': [{ repeat: 'something else' }, 'repeat', /differ/],
  };
  for (const [name, [change, field, message]] of Object.entries(cases)) {
    test(name, async () => {
      const path = await link();
      const page = await create(path, { ...account, ...change });
      assert.equal(page.status, 422);
      assert.match(page.text, new RegExp(`id="${field}"[^>]*aria-invalid="true"`));
      assert.match(page.text, message);
      assert.doesNotMatch(page.text, /plums in spring/, 'passwords are not sent back');
      assert.equal((await browser.submit(page, ['', ''], account)).status, 303, 'the same page goes on');
    });
  }
});
