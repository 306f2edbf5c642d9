/**
 * One authorization request on its way from page to page: what it needs next, decided anew at every step.
 * @spec RFC 6749 §4.1.1
 * @spec OpenID Connect Core 1.0 §3.1.2
 */
import type { JsonObject } from '@tegata/core/codec/json';
import type { HttpRequest, HttpResponse } from '@tegata/core/http/message';
import type { Instant } from '@tegata/core/time/clock';
import { codeAnswer, errorAnswer } from '../authorization/answer.ts';
import { type Decision, decide } from '../authorization/decide.ts';
import { issueCode } from '../authorization/issue-code.ts';
import { type AuthorizationRequest, requestFromJson, requestToJson } from '../authorization/request.ts';
import type { Client } from '../clients/client.ts';
import { matchRedirectUri } from '../clients/redirect-uri.ts';
import { type OAuthError, oauthError } from '../errors.ts';
import { type Browser, browserOf } from './browser.ts';
import type { Interaction } from './deps.ts';
import { seeOther, showError } from './respond.ts';
import type { SignedIn } from './sessions.ts';

export interface Flow {
  readonly request: AuthorizationRequest;
  /** When the request arrived. */
  readonly startedAt: Instant;
  /** Session that the user has chosen to go on with. */
  readonly chosenSession?: string | undefined;
}

/** One request to one of our pages. */
export interface Visit {
  readonly http: HttpRequest;
  readonly now: Instant;
  readonly browser: Browser;
}

/** The visit of a browser, which gets its binding cookie with the answer if it has none. */
export function visitOf({ random }: Interaction, http: HttpRequest, now: Instant): Visit {
  return { http, now, browser: browserOf(http, random) };
}

/** The flow as it is sealed. */
export function flowToJson({ request, startedAt, chosenSession }: Flow): JsonObject {
  return { request: requestToJson(request), startedAt, chosenSession };
}

/** The flow out of a ticket of ours. */
export function flowFromJson(json: JsonObject): Flow {
  const { startedAt, chosenSession } = json as { readonly startedAt: Instant; readonly chosenSession?: string };
  return { request: requestFromJson(json.request as JsonObject), startedAt, chosenSession };
}

/** A flow whose client is still registered with the redirect URI, and what it needs next. */
export interface Stage {
  readonly flow: Flow;
  readonly client: Client;
  readonly signedIn: SignedIn | undefined;
  readonly decision: Decision;
}

export interface StageOptions {
  /** Who has just signed in; otherwise the request's cookies say. */
  readonly signedIn?: SignedIn;
  readonly consented?: boolean;
}

/** Looks at everything again; `undefined` when the client or its redirect URI has been removed meanwhile. */
export async function stageOf(
  interaction: Interaction,
  flow: Flow,
  { http, now }: Visit,
  options: StageOptions = {},
): Promise<Stage | undefined> {
  const { clientId, redirectUri } = flow.request;
  const client = await interaction.clients.find(clientId, now);
  if (client === undefined) return undefined;
  if (matchRedirectUri(client.redirectUris, redirectUri, client.applicationType) === undefined) return undefined;
  const signedIn = options.signedIn ?? (await interaction.sessions.current(http, now));
  const session = signedIn?.session;
  const decision = decide({
    request: flow.request,
    client,
    startedAt: flow.startedAt,
    session,
    chosenSession: flow.chosenSession,
    remembered: session === undefined ? undefined : await interaction.store.consents.load(session.subject, clientId),
    consented: options.consented ?? false,
    now,
  });
  return { flow, client, signedIn, decision };
}

/** Answers with whatever comes next: a page of ours, or the client's redirect URI with a code or an error. */
export async function advance(
  interaction: Interaction,
  flow: Flow,
  visit: Visit,
  options: StageOptions = {},
): Promise<HttpResponse> {
  const stage = await stageOf(interaction, flow, visit, options);
  return stage === undefined ? showError(interaction, visit.http, 'unknown_client') : follow(interaction, stage, visit);
}

/** Carries out the decision of a stage. */
export async function follow(interaction: Interaction, stage: Stage, visit: Visit): Promise<HttpResponse> {
  const { flow, client, signedIn, decision } = stage;
  const headers = [...visit.browser.headers, ...(signedIn?.headers ?? [])];
  switch (decision.next) {
    case 'login':
    case 'select_account':
      return seeOther(pageAddress(interaction, 'login', flow, visit), headers);
    case 'consent':
      return seeOther(pageAddress(interaction, 'consent', flow, visit), headers);
    case 'refuse':
      return refuseFlow(interaction, flow, decision.error, visit, headers);
    case 'issue': {
      if (signedIn === undefined) throw new Error('a code needs a session');
      const { store, random, lifetimes, issuer } = interaction;
      const tools = { tokens: store.tokens, random, lifetime: lifetimes.code };
      const code = await issueCode(flow.request, client, signedIn.session, tools, visit.now);
      record(interaction, flow, visit, 'authorization.granted', signedIn);
      return seeOther(codeAnswer(flow.request, code, issuer), headers);
    }
  }
}

/** Sends the user back to the client with an error. */
function refuseFlow(
  interaction: Interaction,
  flow: Flow,
  error: OAuthError,
  visit: Visit,
  headers: readonly string[] = [],
): HttpResponse {
  interaction.metrics.count('oauth_errors', { endpoint: 'authorization', error: error.code });
  return seeOther(errorAnswer(flow.request, error, interaction.issuer), [...visit.browser.headers, ...headers]);
}

/** The user said no. */
export async function denyFlow(interaction: Interaction, flow: Flow, visit: Visit): Promise<HttpResponse> {
  const stage = await stageOf(interaction, flow, visit);
  if (stage === undefined) return showError(interaction, visit.http, 'unknown_client');
  record(interaction, flow, visit, 'authorization.denied', stage.signedIn);
  return refuseFlow(interaction, flow, oauthError('access_denied', 'The user refused the request.'), visit);
}

/** Address of the sign-in or consent page for a flow. */
export function pageAddress(
  { site, tickets }: Interaction,
  page: 'login' | 'consent',
  flow: Flow,
  { browser, now }: Visit,
  extra: JsonObject = {},
): string {
  const ticket = tickets.issue(page, browser.binding, { ...flowToJson(flow), ...extra }, now);
  return `${site.basePath}/${page}?ticket=${ticket}`;
}

function record(
  { audit }: Interaction,
  { request }: Flow,
  { http, now }: Visit,
  event: string,
  signedIn: SignedIn | undefined,
): void {
  audit.record({
    at: now,
    event,
    requestId: http.id,
    client: request.clientId,
    ...(signedIn === undefined ? {} : { subject: signedIn.user.subject }),
    address: http.peer.address,
    detail: { scope: request.scopes.join(' ') },
  });
}
