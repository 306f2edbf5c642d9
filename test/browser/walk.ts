/** A walk through every page that there is, from set-up to signing out, stopping at each one. */

import { createSetupLink } from '@tegata/server/oauth/interaction/users/setup-link';
import type { BrowserContext, Page } from 'playwright-core';
import { hosts, type PageServer } from '../support/browser.ts';
import { authorizePath } from '../support/interaction-harness.ts';

export const origin = `https://${hosts.server}`;
export const callback = `https://${hosts.client}/callback`;
export const person = { username: 'aiko', name: 'Aiko Tanaka', password: 'plums in early spring' } as const;

/** What happens at a page: it is looked at, and left as it is. */
export type Stop = (name: string, page: Page) => Promise<void>;

/** Registers the clients that the walk uses. */
export async function addClients({ harness }: PageServer): Promise<void> {
  const web = {
    redirect_uris: [callback, `https://${hosts.client}/onward`],
    post_logout_redirect_uris: [`https://${hosts.client}/bye`],
  };
  const translated = {
    'client_name#ja': 'フォトブック',
    policy_uri: `https://${hosts.client}/privacy`,
    tos_uri: `https://${hosts.client}/terms`,
  };
  await harness.addClient({ ...web, ...translated });
  await harness.addClient({ ...web, client_name: 'Photo Books' }, { clientId: 'registered-itself', dynamic: true });
  await harness.addClient(
    {
      client_name: 'Photo Books for the desktop',
      application_type: 'native',
      token_endpoint_auth_method: 'none',
      redirect_uris: ['http://127.0.0.1/cb'],
      post_logout_redirect_uris: [],
    },
    { clientId: 'native' },
  );
}

export function authorizeUrl(change: Readonly<Record<string, string | undefined>> = {}): string {
  return origin + authorizePath({ redirect_uri: callback, ...change });
}

/** Fills the sign-in form that is open and sends it. */
export async function signIn(
  page: Page,
  password: string = person.password,
  username: string = person.username,
): Promise<void> {
  await page.fill('#username', username);
  await page.fill('#password', password);
  await page.click('button[value=login]');
}

/** Walks in one browser context, over a server without users. */
export async function walk(server: PageServer, context: BrowserContext, stop: Stop): Promise<void> {
  const page = await context.newPage();
  await walkSetup(server, page, stop);
  await walkLogout(page, stop);
  await walkLogin(server, page, stop);
  await walkConsent(server, page, stop);
  await walkErrors(page, stop);
  await page.close();
}

async function walkSetup({ harness }: PageServer, page: Page, stop: Stop): Promise<void> {
  const link = await createSetupLink(harness.store, origin, harness.clock.now(), harness.deps.random);
  await page.goto(link ?? '');
  await stop('setup', page);
  await page.fill('#username', person.username);
  await page.fill('#password', 'short');
  await page.fill('#repeat', 'short');
  await page.click('button.primary');
  await stop('setup-faults', page);
  await page.fill('#name', person.name);
  await page.fill('#password', person.password);
  await page.fill('#repeat', person.password);
  await page.click('button.primary');
  await page.waitForURL(`${origin}/account`);
  await stop('account-new', page);
}

async function walkLogout(page: Page, stop: Stop): Promise<void> {
  await page.goto(`${origin}/end_session?client_id=photo-books`);
  await stop('logout', page);
  await page.click('button[value=logout]');
  await stop('signed-out', page);
}

async function walkLogin({ harness }: PageServer, page: Page, stop: Stop): Promise<void> {
  await page.goto(authorizeUrl({ scope: 'openid profile' }));
  await stop('login', page);
  await signIn(page, '', '');
  await stop('login-empty', page);
  await signIn(page, 'not the password');
  await stop('login-wrong', page);
  for (let attempt = 0; attempt < 4; attempt++) await signIn(page, 'not the password');
  await stop('login-throttled', page);
  harness.clock.advance(60_000);
}

async function walkConsent({ harness }: PageServer, page: Page, stop: Stop): Promise<void> {
  const resource = 'https://api.example.com/shared';
  await page.goto(authorizeUrl({ scope: 'openid profile email', resource }));
  await signIn(page);
  await stop('consent', page);
  await page.goto(
    authorizeUrl({ scope: 'openid profile offline_access albums.write', resource, client_id: 'registered-itself' }),
  );
  await stop('consent-lasting', page);
  await page.click('button[value=allow]');
  await page.waitForURL(/\/callback\?code=/);
  await page.goto(authorizeUrl({ client_id: 'native', redirect_uri: 'http://127.0.0.1:49152/cb', scope: 'openid' }));
  await stop('consent-native', page);
  harness.clock.advance(1000);
  await page.goto(authorizeUrl({ prompt: 'select_account' }));
  await stop('choose-account', page);
  await page.goto(authorizeUrl({ prompt: 'login' }));
  await stop('login-again', page);
  await page.goto(`${origin}/account`);
  await stop('account', page);
}

async function walkErrors(page: Page, stop: Stop): Promise<void> {
  await page.goto(authorizeUrl({ redirect_uri: 'https://elsewhere.example/' }));
  await stop('error-redirect', page);
  await page.goto(authorizeUrl({ client_id: 'registered-itself', scope: 'nonsense' }));
  await stop('error-request', page);
  await page.goto(`${origin}/login?ticket=old`);
  await stop('error-expired', page);
}
