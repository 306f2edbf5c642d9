/** The npm package openid-client, unchanged: what a session means to apps, from the silent sign-in to signing out. */
import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';
import * as client from 'openid-client';
import type { Page } from 'playwright-core';
import {
  appHost,
  arrive,
  callback,
  goodbye,
  open,
  type Parameters,
  press,
  type Scene,
  setScene,
  setUp,
  signIn,
  signInAt,
  takePicture,
} from '../support/openid-visitor.ts';
import { requireProgram } from '../support/require-program.ts';
import { freePorts } from '../support/server.ts';

const chromium = requireProgram('chromium', 'chromium');

describe('openid-client and the session of a person in Chromium', { skip: chromium.skip }, () => {
  let scene: Scene;
  let app: client.Configuration;
  let family: client.Configuration;
  let page: Page;
  const missing: string[] = [];

  before(async () => {
    const ports = await freePorts();
    // Below a path, so that no address leaves it out.
    const issuer = `https://localhost:${ports.port}/staff/id`;
    scene = await setScene({ ports, config: { issuer, oauth: { registration: { enabled: true } } } }, chromium.path);
    const addresses = ['--redirect-uri', callback, '--post-logout-redirect-uri', goodbye];
    const notes = await scene.addClient('--name', 'Notes', ...addresses);
    const own = await scene.addClient('--name', 'Calendar', '--skip-consent', ...addresses);
    // No tolerance for clocks that differ: the age of a session is checked to the second.
    const metadata = { [client.clockTolerance]: 0 };
    app = await scene.discover(notes.client_id, metadata, client.ClientSecretBasic(notes.client_secret));
    family = await scene.discover(own.client_id, metadata, client.ClientSecretBasic(own.client_secret));
    page = await scene.newVisitor();
    page.on('response', (response) => {
      if (response.status() === 404) missing.push(response.url());
    });
    await setUp(page, scene);
  });
  after(() => scene?.close());
  beforeEach(() => page.context().clearCookies());

  /** Opens a request that needs nothing from the person, and exchanges what comes back. */
  async function silently(of: client.Configuration, parameters: Parameters, maxAge?: number) {
    const checks = await open(page, of, parameters);
    const expected = maxAge === undefined ? checks : { ...checks, maxAge };
    return client.authorizationCodeGrant(of, await arrive(page), expected);
  }

  /** Signs in at the app that asks for no consent. */
  async function enter() {
    const checks = await open(page, family, { scope: 'openid' });
    await signIn(page);
    return client.authorizationCodeGrant(family, await arrive(page), checks);
  }

  const isAnswer = (error: string) => (thrown: unknown) => {
    assert.ok(thrown instanceof client.AuthorizationResponseError, String(thrown));
    assert.equal(thrown.error, error);
    return true;
  };

  const authTime = (tokens: client.TokenEndpointResponseHelpers) => tokens.claims()?.auth_time as number;

  it('the server below a path is found by OpenID Connect Discovery and by RFC 8414, which put the path in different places', async () => {
    const { server, issuer } = scene;
    const other = await client.discovery(new URL(issuer), 'nobody', undefined, client.None(), { algorithm: 'oauth2' });
    assert.equal(other.serverMetadata().issuer, issuer);
    for (const [name, value] of Object.entries(app.serverMetadata())) {
      if (/_endpoint$|_uri$/.test(name)) assert.ok(String(value).startsWith(`${issuer}/`), `${name} is ${value}`);
    }
    const directory = (await (await fetch(`${issuer}/acme/directory`)).json()) as { readonly newOrder: string };
    assert.ok(directory.newOrder.startsWith(`${issuer}/`), directory.newOrder);
    assert.equal((await fetch(`${server.issuer}/authorize`)).status, 404);
  });

  it('prompt=none: login_required without a session, consent_required without consent, else tokens', async () => {
    const silent = { scope: 'openid email', prompt: 'none' };
    await assert.rejects(silently(app, silent), isAnswer('login_required'));
    await enter();
    await assert.rejects(silently(app, silent), isAnswer('consent_required'));
    await open(page, app, { scope: 'openid email' });
    await press(page, 'Allow');
    await arrive(page);
    const tokens = await silently(app, silent);
    assert.deepEqual([tokens.scope, tokens.refresh_token], ['openid email', undefined]);
  });

  it('a first-party app signs in on the session of another without a word', async () => {
    const first = await signInAt(page, app, { scope: 'openid', prompt: 'consent' });
    const second = await silently(family, { scope: 'openid profile' });
    assert.equal(second.claims()?.sub, first.claims()?.sub);
    assert.equal(authTime(second), authTime(first));
  });

  it('consent is remembered when the person says so, for what was allowed and no more', async () => {
    const { issuer, addClient, discover } = scene;
    const added = await addClient('--name', 'Recipes', '--redirect-uri', callback);
    const recipes = await discover(added.client_id, undefined, client.ClientSecretBasic(added.client_secret));
    await open(page, recipes, { scope: 'openid profile' });
    await signIn(page);
    await page.getByLabel('Remember this for my next visit').uncheck();
    await press(page, 'Allow');
    await arrive(page);
    await open(page, recipes, { scope: 'openid profile' });
    await press(page, 'Allow');
    await arrive(page);
    await silently(recipes, { scope: 'openid profile' });
    await silently(recipes, { scope: 'openid' });

    // In another browser, too: what is remembered belongs to the person.
    await page.context().clearCookies();
    await open(page, recipes, { scope: 'openid' });
    await signIn(page);
    await arrive(page);

    await open(page, recipes, { scope: 'openid profile email' });
    await page.getByText('See your e-mail address').waitFor();
    await page.goto(`${issuer}/account`);
    await takePicture(page, 'account-apps');
    await page.getByRole('button', { name: 'Take back the access of Recipes' }).click();
    await page.getByText('Recipes').waitFor({ state: 'detached' });
    await assert.rejects(silently(recipes, { scope: 'openid', prompt: 'none' }), isAnswer('consent_required'));
  });

  it('an app that registered itself is allowed only by a person who was told that nobody checked its name', async () => {
    const { stdout } = await scene.server.tegata('client', 'token', '--json');
    const { initial_access_token: initialAccessToken } = JSON.parse(stdout);
    const metadata = {
      client_name: 'Notes',
      redirect_uris: [callback],
      token_endpoint_auth_method: 'client_secret_post',
    };
    const execute = [client.enableNonRepudiationChecks];
    const options = { initialAccessToken, execute };
    const stranger = await client.dynamicClientRegistration(new URL(scene.issuer), metadata, undefined, options);
    const checks = await open(page, stranger, { scope: 'openid' });
    await signIn(page);
    await page.getByText('Nobody has checked this name').waitFor();
    await takePicture(page, 'consent-unverified');
    await press(page, 'Allow');
    const tokens = await client.authorizationCodeGrant(stranger, await arrive(page), checks);
    await client.fetchUserInfo(stranger, tokens.access_token, tokens.claims()?.sub as string);
  });

  it('a person who refuses, or does not want to sign in, comes back as access_denied', async () => {
    const atLogin = await open(page, app, { scope: 'openid' });
    await press(page, 'Cancel and go back to Notes');
    const cancelled = client.authorizationCodeGrant(app, await arrive(page), atLogin);
    await assert.rejects(cancelled, isAnswer('access_denied'));

    const atConsent = await open(page, app, { scope: 'openid profile', prompt: 'consent' });
    await signIn(page);
    await press(page, 'Refuse');
    const refused = client.authorizationCodeGrant(app, await arrive(page), atConsent);
    await assert.rejects(refused, isAnswer('access_denied'));
  });

  it('prompt=login and max_age ask a person who is signed in for the password again', async () => {
    const first = await enter();
    const young = await silently(family, { scope: 'openid', max_age: '600' }, 600);
    assert.equal(authTime(young), authTime(first));

    // The time is told in seconds: let the next one begin, so that a later sign-in shows.
    const passed = () => Math.floor(Date.now() / 1000) > authTime(first);
    while (!passed()) await page.waitForTimeout(50);
    const checks = await open(page, family, { scope: 'openid', prompt: 'login' });
    await page.getByRole('heading', { name: 'Confirm that it is you' }).waitFor();
    await takePicture(page, 'login-again');
    assert.equal(await page.getByLabel('User name').inputValue(), 'kaede');
    await signIn(page);
    const again = await client.authorizationCodeGrant(family, await arrive(page), checks);
    assert.ok(authTime(again) > authTime(first), `${authTime(again)} is not after ${authTime(first)}`);

    await assert.rejects(
      silently(family, { scope: 'openid', max_age: '0', prompt: 'none' }),
      isAnswer('login_required'),
    );
  });

  it('prompt=select_account lets the person go on with the account of the session', async () => {
    const first = await enter();
    const checks = await open(page, family, { scope: 'openid', prompt: 'select_account' });
    await takePicture(page, 'select-account');
    await page.getByRole('button', { name: 'Continue as Kaede Mori' }).click();
    const chosen = await client.authorizationCodeGrant(family, await arrive(page), checks);
    assert.equal(chosen.claims()?.sub, first.claims()?.sub);
  });

  it('the app chooses the language and names the person', async () => {
    await open(page, app, { scope: 'openid', ui_locales: 'fr ja', login_hint: 'kaede' });
    assert.equal(await page.getAttribute('html', 'lang'), 'ja');
    assert.equal(await page.locator('input[name=username]').inputValue(), 'kaede');
    await takePicture(page, 'login-ja');
  });

  it('a refresh whose answer got lost can be repeated, and gives the same successor', async () => {
    const tokens = await signInAt(page, app, { scope: 'openid offline_access', prompt: 'consent' });
    const lost = await client.refreshTokenGrant(app, tokens.refresh_token as string);
    const found = await client.refreshTokenGrant(app, tokens.refresh_token as string);
    assert.equal(found.refresh_token, lost.refresh_token);
    const next = await client.refreshTokenGrant(app, found.refresh_token as string);
    assert.notEqual(next.refresh_token, found.refresh_token);
  });

  it('signing out at the app ends the session here and returns with the state', async () => {
    const tokens = await enter();
    const state = client.randomState();
    const hint = tokens.id_token as string;
    const url = client.buildEndSessionUrl(family, { id_token_hint: hint, post_logout_redirect_uri: goodbye, state });
    await page.goto(url.href);
    assert.equal(page.url(), `${goodbye}?state=${state}`);
    await assert.rejects(silently(family, { scope: 'openid', prompt: 'none' }), isAnswer('login_required'));
    await page.goto(url.href);
    assert.equal(page.url(), `${goodbye}?state=${state}`, 'the same when nobody is signed in any more');
  });

  it('without a hint the person is asked, and may stay', async () => {
    await enter();
    const url = client.buildEndSessionUrl(family, { post_logout_redirect_uri: goodbye });
    await page.goto(url.href);
    await page.getByText('Calendar asks to sign you out of this server.').waitFor();
    await takePicture(page, 'logout');
    await press(page, 'Stay signed in');
    await page.waitForURL(`${scene.issuer}/account`);
    await silently(family, { scope: 'openid', prompt: 'none' });
    await page.goto(url.href);
    await press(page, 'Sign out');
    await page.waitForURL(goodbye);
    await page.goto(`${scene.issuer}/logout`);
    await takePicture(page, 'signed-out');
    await assert.rejects(silently(family, { scope: 'openid', prompt: 'none' }), isAnswer('login_required'));
  });

  it('an address that is not registered is no way out of signing out', async () => {
    const tokens = await enter();
    const evil = `https://${appHost}/elsewhere`;
    const url = client.buildEndSessionUrl(family, {
      id_token_hint: tokens.id_token as string,
      post_logout_redirect_uri: evil,
    });
    const answer = await page.goto(url.href);
    assert.equal(answer?.status(), 400);
    await page.getByRole('heading', { name: 'The app sent a faulty request to sign out' }).waitFor();
    await takePicture(page, 'logout-refused');
    await silently(family, { scope: 'openid', prompt: 'none' });
  });

  it('no page on the way asked for a style sheet or an icon that is not there', () => assert.deepEqual(missing, []));
});
