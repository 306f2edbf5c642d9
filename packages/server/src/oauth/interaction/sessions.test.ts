import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import { hour, minute } from '@tegata/core/time/duration';
import {
  createInteractionHarness,
  type InteractionHarness,
  type TestBrowser,
} from '../../../../../test/support/interaction-harness.ts';

let server: InteractionHarness;
let browser: TestBrowser;

beforeEach(async () => {
  server = await createInteractionHarness();
  await server.addUser();
  browser = server.browser();
  await browser.signIn(await browser.open('/login'));
});
afterEach(() => server.close());

const name = '__Host-tegata-session';
const isSignedIn = async () => (await browser.get('/account')).status === 200;

test('a session that is not used ends', async () => {
  server.clock.advance(12 * hour - 1);
  assert.equal(await isSignedIn(), true);
  server.clock.advance(12 * hour);
  assert.equal(await isSignedIn(), false);
});

test('a session that is used goes on, but not for ever', async () => {
  for (let hours = 11; hours < 7 * 24; hours += 11) {
    server.clock.advance(11 * hour);
    assert.equal(await isSignedIn(), true, `after ${hours} hours`);
  }
  server.clock.advance(11 * hour);
  assert.equal(await isSignedIn(), false);
});

test('using it twice within a minute sets no cookie again', async () => {
  server.clock.advance(minute);
  assert.equal((await browser.get('/account')).cookies().length, 1);
  server.clock.advance(minute - 1);
  assert.equal((await browser.get('/account')).cookies().length, 0);
});

test('an idle cookie cannot be made fresh with the seal of another session, nor without one', async () => {
  const idle = browser.cookies.get(name) ?? '';
  server.clock.advance(13 * hour);
  const other = server.browser();
  await other.signIn(await other.open('/login'));
  const fresh = other.cookies.get(name) ?? '';
  for (const forged of [
    idle,
    idle.slice(0, 54) + fresh.slice(54),
    idle.slice(0, 54),
    `${idle.slice(0, 54)}x`,
    'x',
    '',
  ]) {
    browser.cookies.set(name, forged);
    assert.equal(await isSignedIn(), false, forged);
  }
  assert.equal((await other.get('/account')).status, 200);
});

test('a session whose secret is wrong is no session', async () => {
  const cookie = browser.cookies.get(name) ?? '';
  browser.cookies.set(name, `${cookie.slice(0, 22)}${'A'.repeat(32)}${cookie.slice(54)}`);
  assert.equal(await isSignedIn(), false);
});

test('all sessions of a user can be ended', async () => {
  const user = await server.store.users.findByUsername('aiko');
  assert.equal(await server.store.sessions.endAll(user?.subject ?? ''), 1);
  assert.equal(await isSignedIn(), false);
});

test('the store never sees the secret', async () => {
  const cookie = browser.cookies.get(name) ?? '';
  const digest = new Uint8Array(32);
  assert.equal(await server.store.sessions.load({ id: cookie.slice(0, 21), digest }, server.clock.now()), undefined);
});

test('a hash of older cost is made anew at sign-in', async () => {
  const user = await server.store.users.findByUsername('aiko');
  const old = '$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc';
  assert.ok(user);
  await server.store.users.replace({ ...user, passwordHash: old, updatedAt: user.updatedAt + 1 }, user.updatedAt);
  browser = server.browser();
  assert.equal((await browser.signIn(await browser.open('/login'), 'aiko', 'password')).status, 303);
  const renewed = await server.store.users.findByUsername('aiko');
  assert.match(renewed?.passwordHash ?? '', /m=64,t=1,p=1/);
  assert.ok((renewed?.updatedAt ?? 0) > user.updatedAt);
});
