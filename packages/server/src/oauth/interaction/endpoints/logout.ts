/** Signing out on the user's own word: the question, the deed, and what is said afterwards. */
import type { JsonObject } from '@tegata/core/codec/json';
import type { HttpRequest, HttpResponse } from '@tegata/core/http/message';
import type { Instant } from '@tegata/core/time/clock';
import type { Endpoint } from '../../../ports/endpoint.ts';
import { addParameters, formTargets } from '../../authorization/answer.ts';
import { languageOf } from '../browser.ts';
import { clientName, personName } from '../client-names.ts';
import type { Interaction } from '../deps.ts';
import { type Visit, visitOf } from '../flow.ts';
import { formHandler, pageEndpoint } from '../page-endpoint.ts';
import { renderPage } from '../pages/layout.ts';
import { logoutPage, signedOutPage } from '../pages/logout.ts';
import { readForm, seeOther, showError } from '../respond.ts';
import type { SignedIn } from '../sessions.ts';
import { receiveOwnForm } from './own-form.ts';

/** What a client wants to happen around a sign-out, checked by the end-session endpoint. */
export interface LogoutRequest {
  readonly clientId: string | undefined;
  /** A registered `post_logout_redirect_uri`. */
  readonly returnTo: string | undefined;
  readonly state: string | undefined;
  readonly uiLocales: readonly string[];
}

const unasked: LogoutRequest = { clientId: undefined, returnTo: undefined, state: undefined, uiLocales: [] };

/** Creates the endpoint. */
export function createLogoutEndpoint(interaction: Interaction): Endpoint {
  return pageEndpoint(interaction, 'logout', '/logout', formHandler(open, receive));
}

async function open(interaction: Interaction, request: HttpRequest, now: Instant): Promise<HttpResponse> {
  const signedIn = await interaction.sessions.current(request, now);
  const visit = visitOf(interaction, request, now);
  if (signedIn !== undefined) return askToSignOut(interaction, visit, signedIn, unasked);
  const { site } = interaction;
  const { language, headers } = languageOf(request, readForm(request.query)?.get('lang'), []);
  const context = { site, language, inLanguage: (code: string) => `${site.basePath}/logout?lang=${code}` };
  return renderPage(context, signedOutPage(context), { headers });
}

/** The page that asks before anything happens. */
export async function askToSignOut(
  interaction: Interaction,
  { http, now, browser }: Visit,
  { session, user, headers }: SignedIn,
  request: LogoutRequest,
): Promise<HttpResponse> {
  const { site, tickets, clients } = interaction;
  const choice = languageOf(http, readForm(http.query)?.get('lang'), request.uiLocales);
  const { language } = choice;
  const client = request.clientId === undefined ? undefined : await clients.find(request.clientId, now);
  const inLanguage = client === undefined ? (code: string) => `${site.basePath}/logout?lang=${code}` : undefined;
  const context = { site, language, inLanguage };
  const form: JsonObject = { request: { ...request }, session: session.id };
  const content = logoutPage(context, {
    ticket: tickets.issue('logout-form', browser.binding, form, now),
    client: client === undefined ? undefined : clientName(client, language.code),
    account: { name: personName(user), username: user.username },
  });
  return renderPage(context, content, {
    formTargets: request.returnTo === undefined ? [] : formTargets(request.returnTo),
    headers: [...browser.headers, ...headers, ...choice.headers],
  });
}

async function receive(interaction: Interaction, http: HttpRequest, now: Instant): Promise<HttpResponse> {
  const received = receiveOwnForm(interaction, http, 'logout-form', now);
  if (!received.ok) return received.error;
  const { form, content, visit } = received.value;
  const decision = form.get('decision');
  if (decision === 'stay') return seeOther(`${interaction.site.basePath}/account`);
  if (decision !== 'logout') return showError(interaction, http, 'unreadable');
  const signedIn = await interaction.sessions.current(http, now);
  // The page named one account: if another one has signed in since, nothing happens to it.
  if (signedIn !== undefined && signedIn.session.id !== content.session) {
    return askToSignOut(interaction, visit, signedIn, unasked);
  }
  return signOut(interaction, visit, signedIn, content.request as unknown as LogoutRequest);
}

/** Ends the session, if there is one, and goes where the request wants, or to our own page. */
export async function signOut(
  interaction: Interaction,
  { http, now }: Visit,
  signedIn: SignedIn | undefined,
  request: LogoutRequest,
): Promise<HttpResponse> {
  const { sessions, audit, site } = interaction;
  const headers = signedIn === undefined ? [] : await sessions.end(signedIn.session);
  if (signedIn !== undefined) {
    const { subject } = signedIn.user;
    audit.record({ at: now, event: 'logout.succeeded', requestId: http.id, subject, address: http.peer.address });
  }
  const { returnTo, state } = request;
  return seeOther(returnTo === undefined ? `${site.basePath}/logout` : addParameters(returnTo, { state }), headers);
}
