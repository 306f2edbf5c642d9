/** First-user set-up behind a one-time link: looking at it changes nothing, sending the form spends it. */
import type { HttpRequest, HttpResponse } from '@tegata/core/http/message';
import type { Instant } from '@tegata/core/time/clock';
import type { Endpoint } from '../../../ports/endpoint.ts';
import { languageOf } from '../browser.ts';
import type { Interaction } from '../deps.ts';
import { type Visit, visitOf } from '../flow.ts';
import { formHandler, pageEndpoint } from '../page-endpoint.ts';
import { renderPage } from '../pages/layout.ts';
import { type SetupFault, setupPage } from '../pages/setup.ts';
import { readForm, seeOther, showError } from '../respond.ts';
import { formatDuration } from '../text/language.ts';
import { passwordMethods } from '../users/authenticate.ts';
import { shortestPassword } from '../users/password-rules.ts';
import { createFirstUser, isSetupToken } from '../users/setup-link.ts';
import { type OwnForm, receiveOwnForm } from './own-form.ts';

/** Creates the endpoint. */
export function createSetupEndpoint(interaction: Interaction): Endpoint {
  return pageEndpoint(interaction, 'setup', '/setup', formHandler(open, receive));
}

async function open(interaction: Interaction, request: HttpRequest, now: Instant): Promise<HttpResponse> {
  const query = readForm(request.query);
  const token = query?.get('token') ?? '';
  if (await interaction.store.users.any()) return refuse(interaction, request, 'already_set_up');
  if (!(await isSetupToken(interaction.store.oneTime, token, now))) return refuse(interaction, request, 'setup_link');
  return show(interaction, visitOf(interaction, request, now), { token, picked: query?.get('lang') });
}

function refuse(interaction: Interaction, request: HttpRequest, kind: 'already_set_up' | 'setup_link'): HttpResponse {
  const { language } = languageOf(request, undefined, []);
  const next = { href: `${interaction.site.basePath}/login`, label: language.login.title };
  return showError(interaction, request, kind, kind === 'already_set_up' ? { next } : {});
}

interface Showing {
  readonly token: string;
  readonly picked?: string | undefined;
  readonly username?: string | undefined;
  readonly name?: string | undefined;
  readonly faults?: readonly SetupFault[];
  /** When too many passwords are being hashed: how long to wait. */
  readonly wait?: number;
}

function show(interaction: Interaction, { http, now, browser }: Visit, showing: Showing): HttpResponse {
  const { site, tickets } = interaction;
  const { language, headers } = languageOf(http, showing.picked, []);
  const { token, username, name, faults = [], wait } = showing;
  const address = `${site.basePath}/setup?token=${encodeURIComponent(token)}`;
  const context = { site, language, inLanguage: (code: string) => `${address}&lang=${code}` };
  const busy =
    wait === undefined ? [] : [language.login.busy, language.common.tryAgainIn(formatDuration(wait, language))];
  const ticket = tickets.issue('setup-form', browser.binding, { token }, now);
  const content = setupPage(context, { ticket, username, name, faults, notices: busy, shortestPassword });
  return renderPage(context, content, {
    status: wait !== undefined ? 503 : faults.length > 0 ? 422 : 200,
    headers: [...browser.headers, ...headers],
  });
}

async function receive(interaction: Interaction, request: HttpRequest, now: Instant): Promise<HttpResponse> {
  const received = receiveOwnForm(interaction, request, 'setup-form', now);
  return received.ok ? create(interaction, received.value) : received.error;
}

async function create(interaction: Interaction, { form, content, visit }: OwnForm): Promise<HttpResponse> {
  const { store, passwords, random, sessions, audit, site } = interaction;
  const { http, now } = visit;
  const token = content.token as string;
  const username = (form.get('username') ?? '').trim();
  const name = form.get('name')?.trim();
  const password = form.get('password') ?? '';
  const again = (showing: Pick<Showing, 'faults' | 'wait'>) =>
    show(interaction, visit, { token, username, name, ...showing });
  if (password !== '' && form.get('repeat') !== password) {
    return again({ faults: [{ field: 'repeat', code: 'password_different' }] });
  }
  const outcome = await createFirstUser(store, token, { username, name, password }, { now, random, passwords });
  if (!outcome.ok) {
    if (outcome.error === 'setup_refused') return open(interaction, { ...http, method: 'GET' }, now);
    return again(outcome.error === 'busy' ? { wait: 2000 } : { faults: outcome.error });
  }
  const { subject } = outcome.value;
  audit.record({ at: now, event: 'user.set_up', requestId: http.id, subject, address: http.peer.address });
  const signedIn = await sessions.start(http, outcome.value, passwordMethods, now);
  return seeOther(`${site.basePath}/account`, signedIn.headers);
}
