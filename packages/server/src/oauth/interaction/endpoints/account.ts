/** The account page: who is signed in, which apps have access, and the way to take it back. */
import type { HttpRequest, HttpResponse } from '@tegata/core/http/message';
import type { Instant } from '@tegata/core/time/clock';
import type { Endpoint } from '../../../ports/endpoint.ts';
import { languageOf } from '../browser.ts';
import { clientName, personName } from '../client-names.ts';
import type { Interaction } from '../deps.ts';
import { type Visit, visitOf } from '../flow.ts';
import { pageEndpoint } from '../page-endpoint.ts';
import { type AllowedApp, accountPage } from '../pages/account.ts';
import { renderPage } from '../pages/layout.ts';
import { readForm, seeOther, showError } from '../respond.ts';
import type { SignedIn } from '../sessions.ts';
import { signOut } from './logout.ts';
import { receiveOwnForm } from './own-form.ts';

/** Creates the endpoint. */
export function createAccountEndpoint(interaction: Interaction): Endpoint {
  return pageEndpoint(interaction, 'account', '/account', answer);
}

async function answer(interaction: Interaction, request: HttpRequest, now: Instant): Promise<HttpResponse> {
  const signedIn = await interaction.sessions.current(request, now);
  if (signedIn === undefined) return seeOther(`${interaction.site.basePath}/login`);
  const visit = visitOf(interaction, request, now);
  return request.method === 'POST' ? receive(interaction, request, signedIn, now) : show(interaction, visit, signedIn);
}

async function show(
  interaction: Interaction,
  visit: Visit,
  { session, user, headers }: SignedIn,
): Promise<HttpResponse> {
  const { site, tickets } = interaction;
  const { http, now, browser } = visit;
  const choice = languageOf(http, readForm(http.query)?.get('lang'), []);
  const { language } = choice;
  const context = { site, language, inLanguage: (code: string) => `${site.basePath}/account?lang=${code}` };
  const content = accountPage(context, {
    ticket: tickets.issue('account-form', browser.binding, { session: session.id }, now),
    name: personName(user),
    username: user.username,
    administrator: user.administrator,
    apps: await allowedApps(interaction, user.subject, language.code, now),
  });
  return renderPage(context, content, { headers: [...browser.headers, ...headers, ...choice.headers] });
}

async function allowedApps(
  { store, clients }: Interaction,
  subject: string,
  language: string,
  now: Instant,
): Promise<readonly AllowedApp[]> {
  const consents = await store.consents.list(subject);
  return Promise.all(
    consents.map(async ({ clientId, grantedAt }) => {
      const client = await clients.find(clientId, now);
      return { clientId, name: client === undefined ? undefined : clientName(client, language), grantedAt };
    }),
  );
}

async function receive(
  interaction: Interaction,
  request: HttpRequest,
  signedIn: SignedIn,
  now: Instant,
): Promise<HttpResponse> {
  const received = receiveOwnForm(interaction, request, 'account-form', now);
  if (!received.ok) return received.error;
  const { form, content, visit } = received.value;
  const { basePath } = interaction.site;
  if (content.session !== signedIn.session.id) return seeOther(`${basePath}/account`);
  const action = form.get('action');
  const clientId = form.get('client');
  const { subject } = signedIn.user;
  if (action === 'logout') {
    return signOut(interaction, visit, signedIn, {
      clientId: undefined,
      returnTo: undefined,
      state: undefined,
      uiLocales: [],
    });
  }
  const known = (await interaction.store.consents.list(subject)).some((consent) => consent.clientId === clientId);
  if (action !== 'revoke' || clientId === undefined || !known) return showError(interaction, request, 'unreadable');
  await interaction.store.consents.revoke(subject, clientId, now);
  const where = { requestId: request.id, address: request.peer.address };
  interaction.audit.record({ at: now, event: 'consent.revoked', subject, client: clientId, ...where });
  return seeOther(`${basePath}/account`);
}
