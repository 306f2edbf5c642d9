/**
 * The sign-in page: shows the form, checks the password, goes on with whatever waited for it.
 * @spec OpenID Connect Core 1.0 §3.1.2.3
 * @spec RFC 9700 §4.7
 * @spec RFC 9700 §4.12
 */
import type { JsonObject } from '@tegata/core/codec/json';
import type { FormParameters } from '@tegata/core/http/forms';
import type { HttpRequest, HttpResponse } from '@tegata/core/http/message';
import type { Instant } from '@tegata/core/time/clock';
import type { Endpoint } from '../../../ports/endpoint.ts';
import type { UserRecord } from '../../../ports/stores/users.ts';
import { formTargets } from '../../authorization/answer.ts';
import { type LanguageChoice, languageOf } from '../browser.ts';
import { clientName, personName } from '../client-names.ts';
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
import type { SummaryItem } from '../pages/fields.ts';
import { renderPage } from '../pages/layout.ts';
import { loginPage } from '../pages/login.ts';
import { readForm, seeOther, showError } from '../respond.ts';
import { formatDuration } from '../text/language.ts';
import { authenticate, passwordMethods, type Refusal } from '../users/authenticate.ts';
import { waitFor } from '../users/throttle.ts';
import { receiveOwnForm } from './own-form.ts';

/** Creates the endpoint. */
export function createLoginEndpoint(interaction: Interaction): Endpoint {
  return pageEndpoint(interaction, 'login', '/login', formHandler(open, receive));
}

async function open(interaction: Interaction, request: HttpRequest, now: Instant): Promise<HttpResponse> {
  const query = readForm(request.query);
  const visit = visitOf(interaction, request, now);
  if (query === undefined) return showError(interaction, request, 'unreadable');
  const picked = query.get('lang');
  const ticket = query.get('ticket');
  if (ticket === undefined) {
    const signedIn = await interaction.sessions.current(request, now);
    if (signedIn !== undefined) return seeOther(`${interaction.site.basePath}/account`, signedIn.headers);
    return show(interaction, visit, undefined, { language: languageOf(request, picked, []) });
  }
  const content = interaction.tickets.open('login', visit.browser.binding, ticket, now);
  if (content === undefined) return showError(interaction, request, 'flow_expired');
  const flow = flowFromJson(content);
  const stage = await stageOf(interaction, flow, visit);
  if (stage === undefined) return showError(interaction, request, 'unknown_client');
  const { next } = stage.decision;
  if (next !== 'login' && next !== 'select_account') return follow(interaction, stage, visit);
  const language = languageOf(request, picked, flow.request.uiLocales);
  return show(interaction, visit, stage, { language, username: startingName(stage) });
}

function startingName({ flow, signedIn, decision }: Stage): string | undefined {
  return flow.request.loginHint ?? (decision.next === 'login' ? signedIn?.user.username : undefined);
}

interface Showing {
  readonly language: LanguageChoice;
  readonly username?: string | undefined;
  readonly faults?: readonly SummaryItem[];
  readonly status?: number;
  readonly headers?: readonly string[];
}

/** Renders the page with a fresh form. */
function show(interaction: Interaction, visit: Visit, stage: Stage | undefined, showing: Showing): HttpResponse {
  const { site, tickets } = interaction;
  const { language } = showing.language;
  const flow = stage?.flow;
  const address = flow === undefined ? `${site.basePath}/login?` : `${pageAddress(interaction, 'login', flow, visit)}&`;
  const context = { site, language, inLanguage: (code: string) => `${address}lang=${code}` };
  const form = flow === undefined ? {} : { flow: flowToJson(flow) };
  const user = stage?.signedIn?.user;
  const choosing = stage?.decision.next === 'select_account' && user !== undefined;
  const content = loginPage(context, {
    ticket: tickets.issue('login-form', visit.browser.binding, form, visit.now),
    client: stage === undefined ? undefined : clientName(stage.client, language.code),
    username: showing.username,
    account: choosing ? { name: personName(user), username: user.username } : undefined,
    again: stage?.decision.next === 'login' && user !== undefined,
    faults: showing.faults ?? [],
  });
  return renderPage(context, content, {
    status: showing.status ?? 200,
    formTargets: flow === undefined ? [] : formTargets(flow.request.redirectUri),
    headers: [...visit.browser.headers, ...showing.language.headers, ...(showing.headers ?? [])],
  });
}

async function receive(interaction: Interaction, request: HttpRequest, now: Instant): Promise<HttpResponse> {
  const received = receiveOwnForm(interaction, request, 'login-form', now);
  if (!received.ok) return received.error;
  const { form, ticket, content, visit } = received.value;
  const flow = content.flow === undefined ? undefined : flowFromJson(content.flow as JsonObject);
  const action = form.get('action');
  if (action === 'cancel' && flow !== undefined) return denyFlow(interaction, flow, visit);
  if (action === 'continue' && flow !== undefined) return continueAs(interaction, flow, visit);
  return signIn(interaction, form, ticket, flow, visit);
}

async function continueAs(interaction: Interaction, flow: Flow, visit: Visit): Promise<HttpResponse> {
  const signedIn = await interaction.sessions.current(visit.http, visit.now);
  return advance(interaction, { ...flow, chosenSession: signedIn?.session.id }, visit);
}

async function signIn(
  interaction: Interaction,
  form: FormParameters,
  ticket: string,
  flow: Flow | undefined,
  visit: Visit,
): Promise<HttpResponse> {
  const { http, now } = visit;
  const stage = flow === undefined ? undefined : await stageOf(interaction, flow, visit);
  if (flow !== undefined && stage === undefined) return showError(interaction, http, 'unknown_client');
  const language = languageOf(http, undefined, flow?.request.uiLocales ?? []);
  const username = (form.get('username') ?? '').trim();
  const password = form.get('password') ?? '';
  const again = (status: number, faults: readonly SummaryItem[], headers: readonly string[] = []) =>
    show(interaction, visit, stage, { language, username, faults, status, headers });

  const { login } = language.language;
  const missing: SummaryItem[] = [];
  if (username === '') missing.push({ field: 'username', text: login.missingUsername });
  if (password === '') missing.push({ field: 'password', text: login.missingPassword });
  if (missing.length > 0) return again(422, missing);

  const { store, passwords, throttleSecret } = interaction;
  const attempt = { username, password, address: http.peer.address };
  const outcome = await authenticate(attempt, { users: store.users, passwords, throttleSecret, now });
  if (!outcome.ok) {
    recordFailure(interaction, outcome.error, visit);
    return refuse(outcome.error, language, now, again);
  }
  if (!(await interaction.tickets.firstUse(ticket, now))) return again(409, [{ text: login.sentTwice }]);
  const signedIn = await interaction.sessions.start(http, outcome.value, passwordMethods, now);
  recordSuccess(interaction, outcome.value, visit);
  if (flow !== undefined) return advance(interaction, flow, visit, { signedIn });
  return seeOther(`${interaction.site.basePath}/account`, signedIn.headers);
}

function refuse(
  refusal: Refusal,
  { language }: LanguageChoice,
  now: Instant,
  again: (status: number, faults: readonly SummaryItem[], headers?: readonly string[]) => HttpResponse,
): HttpResponse {
  const { login, common } = language;
  if (refusal.reason === 'wrong') return again(422, [{ text: login.wrong }]);
  const wait = refusal.reason === 'throttled' ? waitFor(refusal.retryAt, now) : 2000;
  const text = refusal.reason === 'throttled' ? login.throttled : login.busy;
  const advice = common.tryAgainIn(formatDuration(wait, language));
  const headers = ['Retry-After', String(Math.ceil(wait / 1000))];
  return again(refusal.reason === 'throttled' ? 429 : 503, [{ text }, { text: advice }], headers);
}

function recordFailure({ audit, metrics }: Interaction, { reason }: Refusal, { http, now }: Visit): void {
  metrics.count('logins', { outcome: reason });
  audit.record({ at: now, event: 'login.failed', requestId: http.id, address: http.peer.address, detail: { reason } });
}

function recordSuccess({ audit, metrics }: Interaction, { subject }: UserRecord, { http, now }: Visit): void {
  metrics.count('logins', { outcome: 'succeeded' });
  audit.record({ at: now, event: 'login.succeeded', requestId: http.id, subject, address: http.peer.address });
}
