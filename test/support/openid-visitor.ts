/** A person with a browser who uses an app: the app is `openid-client`, the browser Chromium, the server the real one. */
import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import * as client from 'openid-client';
import type { Browser, Page } from 'playwright-core';
import { launchBrowser } from './browser.ts';
import { type Arrival, startWebSite } from './relying-party.ts';
import { type ServerOptions, startServer, type TestServer } from './server.ts';

/** Host of the web apps, which Chromium finds on this machine. */
export const appHost = 'notes.example';
export const callback = `https://${appHost}/callback`;
export const goodbye = `https://${appHost}/bye`;
export const person = { username: 'kaede', name: 'Kaede Mori', password: 'walnut paper umbrella seal' } as const;

const screenshots = join(import.meta.dirname, '../../test-output/screenshots');

export interface Scene {
  readonly server: TestServer;
  /** The issuer identifier, which the configuration may have given a path. */
  readonly issuer: string;
  /** A browser without any cookies. */
  newVisitor(): Promise<Page>;
  /** Registers a client at the command line; the answer is what `--json` prints. */
  addClient(...options: readonly string[]): Promise<RegisteredClient>;
  /** An app that checks everything the library can check, signatures of ID Tokens included. */
  discover(
    id: string,
    metadata?: Partial<client.ClientMetadata> | string,
    auth?: client.ClientAuth,
  ): Promise<client.Configuration>;
  close(): Promise<void>;
}

export interface RegisteredClient {
  readonly client_id: string;
  readonly client_secret?: string;
}

/** Starts the server, trusts its root in this process, and, with a path to Chromium, starts that and the site of the apps. */
export async function setScene(options: ServerOptions, chromiumPath?: string): Promise<Scene> {
  const server = await startServer(options);
  const issuer = typeof options.config?.issuer === 'string' ? options.config.issuer : server.issuer;
  setDefaultCACertificates([...getCACertificates('bundled'), server.root]);
  let site: Arrival | undefined;
  let browser: Browser | undefined;
  const close = async () => {
    await browser?.close();
    await site?.close();
    await server.stop();
  };
  try {
    if (chromiumPath !== undefined) {
      site = await startWebSite(appHost);
      browser = await launchBrowser(chromiumPath, site.port);
    }
  } catch (error) {
    await close();
    throw error;
  }
  return {
    server,
    issuer,
    async newVisitor() {
      if (browser === undefined) throw new Error('the scene has no browser');
      const context = await browser.newContext({ locale: 'en-US', ignoreHTTPSErrors: true });
      context.setDefaultTimeout(20_000);
      return context.newPage();
    },
    async addClient(...words) {
      const { code, stdout, stderr } = await server.tegata('client', 'add', '--json', ...words);
      assert.equal(code, 0, stderr);
      return JSON.parse(stdout) as RegisteredClient;
    },
    discover: (id, metadata, auth) =>
      client.discovery(new URL(issuer), id, metadata, auth, { execute: [client.enableNonRepudiationChecks] }),
    close,
  };
}

/** Keeps a picture of the page, beside those of the other tests. */
export async function takePicture(page: Page, name: string): Promise<void> {
  mkdirSync(screenshots, { recursive: true });
  await page.screenshot({ path: join(screenshots, `openid-${name}.png`), fullPage: true });
}

/** Makes the first user behind the link that the server printed at its start; the browser is signed in afterwards. */
export async function setUp(page: Page, { issuer, server }: Scene): Promise<void> {
  await page.goto(await setupLink(server));
  await takePicture(page, 'setup');
  await page.getByLabel('User name').fill(person.username);
  await page.getByLabel('Your name').fill(person.name);
  await page.getByLabel('Password', { exact: true }).fill(person.password);
  await page.getByLabel('Password, once more').fill(person.password);
  await page.getByRole('button', { name: 'Create the account' }).click();
  await page.waitForURL(`${issuer}/account`);
}

/** The set-up link in what the server prints, which comes a moment after it is ready. */
export async function setupLink({ output }: TestServer): Promise<string> {
  for (let left = 100; left > 0; left--) {
    const link = /https:\/\/\S+\/setup\?token=\S+(?=\s)/.exec(output())?.[0];
    if (link !== undefined) return link;
    await setTimeout(50);
  }
  throw new Error(`no set-up link in:\n${output()}`);
}

/** Types user name and password and sends them. */
export async function signIn(page: Page): Promise<void> {
  await page.getByLabel('User name').fill(person.username);
  await page.getByLabel('Password').fill(person.password);
  await page.getByRole('button', { name: 'Sign in' }).click();
}

/** Presses a button by what it says. */
export async function press(page: Page, name: string): Promise<void> {
  await page.getByRole('button', { name, exact: true }).click();
}

/** What the app keeps while the person is away, to check the answer by. */
export type Checks = Required<
  Pick<client.AuthorizationCodeGrantChecks, 'expectedNonce' | 'expectedState' | 'pkceCodeVerifier'>
>;

/** Parameters of an authorization request; a list for those that may be repeated. */
export type Parameters = Readonly<Record<string, string | readonly string[]>>;

/** Sends the browser to the server with an authorization request of the app; every parameter may be added or replaced. */
export async function open(page: Page, app: client.Configuration, parameters: Parameters): Promise<Checks> {
  const checks = {
    expectedNonce: client.randomNonce(),
    expectedState: client.randomState(),
    pkceCodeVerifier: client.randomPKCECodeVerifier(),
  };
  const all: Parameters = {
    redirect_uri: callback,
    nonce: checks.expectedNonce,
    state: checks.expectedState,
    code_challenge: await client.calculatePKCECodeChallenge(checks.pkceCodeVerifier),
    code_challenge_method: 'S256',
    ...parameters,
  };
  const pairs = Object.entries(all).flatMap(([name, values]) => [values].flat().map((value) => [name, value]));
  await page.goto(client.buildAuthorizationUrl(app, new URLSearchParams(pairs)).href);
  return checks;
}

/** Waits until the browser is back at the app; the address with the answer. */
export async function arrive(page: Page, redirectUri = callback): Promise<URL> {
  await page.waitForURL((url) => url.href.startsWith(`${redirectUri}?`));
  return new URL(page.url());
}

/** Signs in, allows what is asked, and exchanges the code: all the way to the tokens. */
export async function signInAt(page: Page, app: client.Configuration, parameters: Parameters, redirectUri = callback) {
  const checks = await open(page, app, { redirect_uri: redirectUri, ...parameters });
  await signIn(page);
  await press(page, 'Allow');
  return client.authorizationCodeGrant(app, await arrive(page, redirectUri), checks);
}
