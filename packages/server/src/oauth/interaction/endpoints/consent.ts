/**
 * The consent page: shows who asks for what, takes the answer.
 * @spec RFC 6749 §4.1.1
 * @spec OpenID Connect Core 1.0 §3.1.2.4
 * @spec RFC 8252 §8.6
 * @spec RFC 9700 §4.7
 */
import type { JsonObject } from '@tegata/core/codec/json';
import type { FormParameters } from '@tegata/core/http/forms';
import type { HttpRequest, HttpResponse } from '@tegata/core/http/message';
import type { Instant } from '@tegata/core/time/clock';
import type { Endpoint } from '../../../ports/endpoint.ts';
import { formTargets } from '../../authorization/answer.ts';
import { isImpersonable, isLasting } from '../../authorization/decide.ts';
import type { Client } from '../../clients/client.ts';
import { type LanguageChoice, languageOf } from '../browser.ts';
import { clientName, localised, personName } from '../client-names.ts';
import type { Interaction } from '../deps.ts';
import {
  advance,
  denyFlow,
  type Flow,
  flowFromJson,
  flowToJson,
  follow,
  pageAddress,
  type Stage,
  stageOf,
  type Visit,
  visitOf,
} from '../flow.ts';
import { formHandler, pageEndpoint } from '../page-endpoint.ts';
import { type ConsentPage, consentPage } from '../pages/consent.ts';
import { renderPage } from '../pages/layout.ts';
import { readForm, seeOther, showError } from '../respond.ts';
import type { SignedIn } from '../sessions.ts';
import { receiveOwnForm } from './own-form.ts';

/** Creates the endpoint. */
export function createConsentEndpoint(interaction: Interaction): Endpoint {
  return pageEndpoint(interaction, 'consent', '/consent', formHandler(open, receive));
}

async function open(interaction: Interaction, request: HttpRequest, now: Instant): Promise<HttpResponse> {
  const query = readForm(request.query);
  if (query === undefined) return showError(interaction, request, 'unreadable');
  const visit = visitOf(interaction, request, now);
  const content = interaction.tickets.open('consent', visit.browser.binding, query.get('ticket') ?? '', now);
  if (content === undefined) return showError(interaction, request, 'flow_expired');
  const flow = flowFromJson(content);
  const stage = await stageOf(interaction, flow, visit);
  if (stage === undefined) return showError(interaction, request, 'unknown_client');
  if (stage.decision.next !== 'consent' || stage.signedIn === undefined) return follow(interaction, stage, visit);
  const language = languageOf(request, query.get('lang'), flow.request.uiLocales);
  return show(interaction, visit, stage, stage.signedIn, language, content.changed === true);
}

/** Renders the page with a form that works once, for the present session only. */
function show(
  interaction: Interaction,
  visit: Visit,
  { flow, client }: Stage,
  { session, user, headers }: SignedIn,
  choice: LanguageChoice,
  changed: boolean,
): HttpResponse {
  const { site, tickets } = interaction;
  const { language } = choice;
  const address = pageAddress(interaction, 'consent', flow, visit, { changed });
  const context = { site, language, inLanguage: (code: string) => `${address}&lang=${code}` };
  const form: JsonObject = { flow: flowToJson(flow), session: session.id };
  const content = consentPage(context, {
    ...describe(interaction, flow, client, language.code),
    ticket: tickets.issue('consent-form', visit.browser.binding, form, visit.now),
    account: { name: personName(user), username: user.username },
    changed,
  });
  return renderPage(context, content, {
    formTargets: formTargets(flow.request.redirectUri),
    headers: [...visit.browser.headers, ...headers, ...choice.headers],
  });
}

function describe(
  { accessTokenLifetime, refreshLifetime }: Interaction,
  { request }: Flow,
  client: Client,
  language: string,
): Omit<ConsentPage, 'ticket' | 'account' | 'changed'> {
  const { redirectUri, scopes, resources } = request;
  const lasting = isLasting(client, scopes);
  const impersonable = isImpersonable(client, redirectUri);
  return {
    client: clientName(client, language),
    destination: redirectUri.startsWith('https:') ? new URL(redirectUri).host : undefined,
    unverified: client.registrationTokenDigest !== undefined,
    impersonable,
    privacyPolicy: localised(client, 'policy_uri', language),
    terms: localised(client, 'tos_uri', language),
    scopes,
    resources,
    lasting,
    duration: lasting ? refreshLifetime : accessTokenLifetime,
    rememberable: !lasting && !impersonable,
  };
}

async function receive(interaction: Interaction, request: HttpRequest, now: Instant): Promise<HttpResponse> {
  const received = receiveOwnForm(interaction, request, 'consent-form', now);
  if (!received.ok) return received.error;
  const { form, ticket, content, visit } = received.value;
  const decision = form.get('decision') ?? '';
  if (!['allow', 'deny', 'switch'].includes(decision)) return showError(interaction, request, 'unreadable');
  const flow = flowFromJson(content.flow as JsonObject);
  const signedIn = await interaction.sessions.current(request, now);
  // The answer counts for the account that the page named, and once.
  const valid = signedIn?.session.id === content.session && (await interaction.tickets.firstUse(ticket, now));
  if (signedIn === undefined || !valid) return askAgain(interaction, flow, visit);
  if (decision === 'deny') return denyFlow(interaction, flow, visit);
  if (decision === 'switch') return advance(interaction, chooseAccount(flow, now), visit, { signedIn });
  return allow(interaction, form, flow, visit, signedIn);
}

function askAgain(interaction: Interaction, flow: Flow, visit: Visit): HttpResponse {
  return seeOther(pageAddress(interaction, 'consent', flow, visit, { changed: true }), visit.browser.headers);
}

async function allow(
  interaction: Interaction,
  form: FormParameters,
  flow: Flow,
  visit: Visit,
  signedIn: SignedIn,
): Promise<HttpResponse> {
  const { clientId, scopes, resources } = flow.request;
  const client = await interaction.clients.find(clientId, visit.now);
  if (client === undefined) return showError(interaction, visit.http, 'unknown_client');
  // Lasting access is always kept in mind, or the user could not find it on the account page to take it back.
  if (form.get('remember') === 'yes' || isLasting(client, scopes)) {
    const { subject } = signedIn.user;
    await interaction.store.consents.remember({ subject, clientId, scopes, resources, grantedAt: visit.now });
  }
  return advance(interaction, flow, visit, { signedIn, consented: true });
}

/** The same request, as if it had asked for the choice of an account from the start. */
function chooseAccount({ request }: Flow, now: Instant): Flow {
  const prompt = new Set([...request.prompt, 'select_account' as const]);
  // A moment later than any session that exists, so that the present one has to be chosen again.
  return { request: { ...request, prompt: [...prompt] }, startedAt: now + 1 };
}
