/** The npm package openid-client, unchanged, as apps that a person signs in to with Chromium. */
import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, beforeEach, describe, it } from 'node:test';
import { createRemoteJWKSet, decodeProtectedHeader, type JWTVerifyOptions, jwtVerify } from 'jose';
import * as client from 'openid-client';
import type { Page } from 'playwright-core';
import {
  arrive,
  callback,
  open,
  person,
  press,
  type RegisteredClient,
  type Scene,
  setScene,
  setUp,
  setupLink,
  signIn,
  signInAt,
  takePicture,
} from '../support/openid-visitor.ts';
import { startLoopbackApp } from '../support/relying-party.ts';
import { requireProgram } from '../support/require-program.ts';

const chromium = requireProgram('chromium', 'chromium');
const notesApi = 'https://api.notes.example';
const photosApi = 'https://api.photos.example';

describe('openid-client, with a person in Chromium', { skip: chromium.skip }, () => {
  let scene: Scene;
  let issuer: string;
  let folder: string;
  let notes: RegisteredClient;
  let app: client.Configuration;
  let resourceServer: client.Configuration;
  let page: Page;

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'tegata-openid-'));
    const config = { oauth: { refreshGracePeriod: '0s', scopes: ['notes.read', 'notes.write'] } };
    scene = await setScene({ config }, chromium.path);
    issuer = scene.issuer;
    const scope = 'openid profile email offline_access notes.read notes.write';
    const resources = ['--resource', notesApi, '--resource', photosApi];
    notes = await scene.addClient('--name', 'Notes', '--redirect-uri', callback, '--scope', scope, ...resources);
    app = await scene.discover(notes.client_id, undefined, client.ClientSecretBasic(notes.client_secret));
    const api = await scene.addClient('--name', 'Notes API', '--serves', notesApi);
    resourceServer = await scene.discover(api.client_id, undefined, client.ClientSecretBasic(api.client_secret));
    page = await scene.newVisitor();
    await setUp(page, scene);
    await takePicture(page, 'account');
  });
  after(async () => {
    await scene?.close();
    rmSync(folder, { recursive: true, force: true });
  });
  beforeEach(() => page.context().clearCookies());

  /** Checks an access token the way a resource server does that knows nothing but the issuer. */
  async function verifyAccessToken(token: string, options: JWTVerifyOptions) {
    const keys = createRemoteJWKSet(new URL(app.serverMetadata().jwks_uri as string));
    return jwtVerify(token, keys, { issuer, typ: 'at+jwt', ...options });
  }

  const isError = (expected: string, status: number) => (error: unknown) => {
    assert.ok(error instanceof client.ResponseBodyError, String(error));
    assert.deepEqual([error.error, error.status], [expected, status]);
    return true;
  };

  const isInvalidToken = (error: unknown) => {
    assert.ok(error instanceof client.WWWAuthenticateChallengeError, String(error));
    const { scheme, parameters } = error.cause[0] as client.WWWAuthenticateChallenge;
    assert.deepEqual([error.status, scheme, parameters.error], [401, 'bearer', 'invalid_token']);
    return true;
  };

  it('finds the same server by OpenID Connect Discovery and by RFC 8414', async () => {
    const options = { algorithm: 'oauth2' } as const;
    const other = await client.discovery(new URL(issuer), 'nobody', undefined, client.None(), options);
    assert.equal(other.serverMetadata().issuer, issuer);
    assert.equal(other.serverMetadata().token_endpoint, app.serverMetadata().token_endpoint);
    assert.equal(app.serverMetadata().supportsPKCE(), true);
    assert.equal(app.serverMetadata().authorization_response_iss_parameter_supported, true);
    assert.equal(app.serverMetadata().registration_endpoint, undefined, 'off by default');
  });

  it('the set-up link that made the first user works no second time', async () => {
    await page.goto(await setupLink(scene.server));
    await page.getByRole('heading', { name: 'This server is set up already' }).waitFor();
    assert.equal(await page.getByLabel('User name').count(), 0);
  });

  it('signs a person in: ES256 ID Token with nonce, state and iss checked, userinfo, RFC 9068 access token', async () => {
    const checks = await open(page, app, { scope: 'openid profile' });
    await takePicture(page, 'login');
    await signIn(page);
    await page.getByRole('heading', { name: 'Allow Notes to use your account?' }).waitFor();
    await takePicture(page, 'consent');
    await press(page, 'Allow');
    const answer = await arrive(page);
    assert.equal(answer.searchParams.get('iss'), issuer);

    const tokens = await client.authorizationCodeGrant(app, answer, checks);
    const claims = tokens.claims() as client.IDToken;
    assert.equal(decodeProtectedHeader(tokens.id_token as string).alg, 'ES256');
    assert.match(claims.sub, /^usr_/);
    assert.deepEqual([claims.aud, claims.nonce], [notes.client_id, checks.expectedNonce]);
    assert.deepEqual([tokens.token_type, tokens.refresh_token], ['bearer', undefined]);

    const user = await client.fetchUserInfo(app, tokens.access_token, claims.sub);
    assert.deepEqual([user.name, user.preferred_username], [person.name, person.username]);
    const { payload } = await verifyAccessToken(tokens.access_token, { audience: notesApi, subject: claims.sub });
    assert.deepEqual([payload.client_id, payload.scope], [notes.client_id, 'openid profile']);
  });

  it('the client notices an answer with another state, nonce or issuer, and without an issuer', async () => {
    const checks = await open(page, app, { scope: 'openid', prompt: 'consent' });
    await signIn(page);
    await press(page, 'Allow');
    const answer = await arrive(page);
    const notices = (what: string) => (error: Error) => String(error.cause).includes(`"${what}"`);
    const refused = (name: string, value?: string) => {
      const url = new URL(answer);
      url.searchParams.delete(name);
      if (value !== undefined) url.searchParams.set(name, value);
      return assert.rejects(client.authorizationCodeGrant(app, url, checks), notices(name));
    };
    await refused('state', 'other');
    await refused('iss', 'https://other.example');
    await refused('iss');
    const otherNonce = { ...checks, expectedNonce: 'other' };
    await assert.rejects(client.authorizationCodeGrant(app, answer, otherNonce), notices('nonce'));
  });

  it('a code is good for its verifier only, and once: the second use ends what the first one gave', async () => {
    const checks = await open(page, app, { scope: 'openid offline_access', prompt: 'consent' });
    await signIn(page);
    await press(page, 'Allow');
    const answer = await arrive(page);
    const stolen = { ...checks, pkceCodeVerifier: client.randomPKCECodeVerifier() };
    await assert.rejects(client.authorizationCodeGrant(app, answer, stolen), isError('invalid_grant', 400));
    const tokens = await client.authorizationCodeGrant(app, answer, checks);
    await assert.rejects(client.authorizationCodeGrant(app, answer, checks), isError('invalid_grant', 400));
    await assert.rejects(client.refreshTokenGrant(app, tokens.refresh_token as string), isError('invalid_grant', 400));
    await assert.rejects(client.fetchUserInfo(app, tokens.access_token, client.skipSubjectCheck), isInvalidToken);
  });

  it('refreshes with rotation; a token that comes twice ends the whole family', async () => {
    const tokens = await signInAt(page, app, { scope: 'openid offline_access notes.read', prompt: 'consent' });
    const first = tokens.refresh_token as string;
    const next = await client.refreshTokenGrant(app, first, { scope: 'openid notes.read' });
    assert.notEqual(next.refresh_token, first);
    assert.equal(next.scope, 'openid notes.read');
    assert.equal(next.claims()?.sub, tokens.claims()?.sub);
    assert.equal((await client.tokenIntrospection(app, next.access_token)).active, true);

    await assert.rejects(client.refreshTokenGrant(app, first), isError('invalid_grant', 400));
    await assert.rejects(client.refreshTokenGrant(app, next.refresh_token as string), isError('invalid_grant', 400));
    assert.deepEqual(await client.tokenIntrospection(app, next.access_token), { active: false });
  });

  it('revokes: introspection says inactive and userinfo refuses', async () => {
    const tokens = await signInAt(page, app, { scope: 'openid offline_access', prompt: 'consent' });
    const refresh = tokens.refresh_token as string;
    assert.equal((await client.tokenIntrospection(app, refresh)).active, true);
    const other = await client.refreshTokenGrant(app, refresh);

    await client.tokenRevocation(app, tokens.access_token, { token_type_hint: 'access_token' });
    assert.deepEqual(await client.tokenIntrospection(app, tokens.access_token), { active: false });
    await assert.rejects(client.fetchUserInfo(app, tokens.access_token, client.skipSubjectCheck), isInvalidToken);
    assert.equal((await client.tokenIntrospection(app, other.access_token)).active, true);

    await client.tokenRevocation(app, other.refresh_token as string);
    assert.deepEqual(await client.tokenIntrospection(app, other.refresh_token as string), { active: false });
    assert.deepEqual(await client.tokenIntrospection(app, other.access_token), { active: false });
  });

  it('a token for one resource is for that one alone (RFC 8707)', async () => {
    const scope = 'openid offline_access notes.read';
    const tokens = await signInAt(page, app, { scope, resource: notesApi, prompt: 'consent' });
    const { payload } = await verifyAccessToken(tokens.access_token, { audience: notesApi });
    assert.equal(payload.aud, notesApi);
    const seen = await client.tokenIntrospection(resourceServer, tokens.access_token);
    assert.deepEqual([seen.active, seen.aud, seen.sub], [true, notesApi, tokens.claims()?.sub]);
    await assert.rejects(client.fetchUserInfo(app, tokens.access_token, client.skipSubjectCheck), isInvalidToken);

    const wider = client.refreshTokenGrant(app, tokens.refresh_token as string, { resource: photosApi });
    await assert.rejects(wider, isError('invalid_target', 400));
    const checks = await open(page, app, { scope, resource: 'https://api.elsewhere.example' });
    const answer = await arrive(page);
    await assert.rejects(client.authorizationCodeGrant(app, answer, checks), { error: 'invalid_target' });
  });

  it('one consent for two resources gives a token for each of them', async () => {
    const scope = 'openid offline_access notes.read';
    const checks = await open(page, app, { scope, resource: [notesApi, photosApi], prompt: 'consent' });
    await signIn(page);
    await page.getByText(notesApi).waitFor();
    await takePicture(page, 'consent-resources');
    await press(page, 'Allow');
    const tokens = await client.authorizationCodeGrant(app, await arrive(page), checks, { resource: notesApi });
    assert.equal((await verifyAccessToken(tokens.access_token, {})).payload.aud, notesApi);
    const photos = await client.refreshTokenGrant(app, tokens.refresh_token as string, { resource: photosApi });
    assert.equal((await verifyAccessToken(photos.access_token, {})).payload.aud, photosApi);
    assert.deepEqual(await client.tokenIntrospection(resourceServer, photos.access_token), { active: false });
  });

  it('a client registered for RS256 and client_secret_post gets what it is registered for', async () => {
    const metadata = { id_token_signed_response_alg: 'RS256', access_token_signed_response_alg: 'RS256' };
    const file = join(folder, 'ledger.json');
    writeFileSync(file, JSON.stringify(metadata));
    const words = ['--name', 'Ledger', '--redirect-uri', callback, '--auth', 'client_secret_post', '--metadata', file];
    const ledger = await scene.addClient(...words);
    const post = client.ClientSecretPost(ledger.client_secret);
    const strict = await scene.discover(ledger.client_id, { id_token_signed_response_alg: 'RS256' }, post);
    const tokens = await signInAt(page, strict, { scope: 'openid' });
    assert.equal(decodeProtectedHeader(tokens.id_token as string).alg, 'RS256');
    const { protectedHeader } = await verifyAccessToken(tokens.access_token, { audience: issuer });
    assert.equal(protectedHeader.alg, 'RS256');
    await client.fetchUserInfo(strict, tokens.access_token, tokens.claims()?.sub as string);
    const basic = await scene.discover(ledger.client_id, undefined, client.ClientSecretBasic(ledger.client_secret));
    await assert.rejects(client.tokenIntrospection(basic, tokens.access_token), { status: 401 });
  });

  it('a client with private_key_jwt and opaque access tokens signs a person in', async () => {
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const file = join(folder, 'vault.json');
    writeFileSync(file, JSON.stringify({ keys: [{ ...publicKey.export({ format: 'jwk' }), kid: 'vault-1' }] }));
    const words = ['--name', 'Vault', '--redirect-uri', callback, '--auth', 'private_key_jwt', '--jwks', file];
    const { client_id: id } = await scene.addClient(...words, '--opaque');
    const key = privateKey.toCryptoKey({ name: 'ECDSA', namedCurve: 'P-256' }, false, ['sign']);
    const vault = await scene.discover(id, undefined, client.PrivateKeyJwt({ key, kid: 'vault-1' }));
    const tokens = await signInAt(page, vault, { scope: 'openid email offline_access' });
    assert.match(tokens.access_token, /^[\w-]+\.[\w-]+$/, 'a handle of two parts, no JWT');
    const sub = tokens.claims()?.sub as string;
    await client.fetchUserInfo(vault, tokens.access_token, sub);
    const seen = await client.tokenIntrospection(vault, tokens.access_token);
    assert.deepEqual([seen.active, seen.client_id, seen.sub], [true, id, sub]);
    const next = await client.refreshTokenGrant(vault, tokens.refresh_token as string);
    await client.tokenRevocation(vault, next.access_token);
    await assert.rejects(client.fetchUserInfo(vault, next.access_token, sub), isInvalidToken);
  });

  it('a public native app gets its code on a random loopback port, each time asking the person', async () => {
    const words = [
      '--name',
      'Notes for the desktop',
      '--native',
      '--public',
      '--redirect-uri',
      'http://127.0.0.1/back',
    ];
    const { client_id: id, client_secret: secret } = await scene.addClient(...words);
    assert.equal(secret, undefined);
    const desktop = await scene.discover(id, undefined, client.None());
    const arrival = await startLoopbackApp();
    const redirectUri = `http://127.0.0.1:${arrival.port}/back`;
    try {
      const tokens = await signInAt(page, desktop, { scope: 'openid offline_access' }, redirectUri);
      const next = await client.refreshTokenGrant(desktop, tokens.refresh_token as string);
      await client.fetchUserInfo(desktop, next.access_token, tokens.claims()?.sub as string);
      await open(page, desktop, { scope: 'openid', redirect_uri: redirectUri });
      await page.getByText('Have you just started this app yourself?').waitFor();
      await takePicture(page, 'consent-native');
    } finally {
      await arrival.close();
    }
  });
});
