/**
 * The end-session endpoint: a client asks that the user be signed out here as well.
 * @spec OpenID Connect RP-Initiated Logout 1.0 §2
 * @spec OpenID Connect RP-Initiated Logout 1.0 §3
 * @spec OpenID Connect RP-Initiated Logout 1.0 §6
 */
import type { FormParameters } from '@tegata/core/http/forms';
import type { HttpRequest, HttpResponse } from '@tegata/core/http/message';
import { fail, ok, type Result } from '@tegata/core/result';
import type { Instant } from '@tegata/core/time/clock';
import type { Endpoint } from '../../ports/endpoint.ts';
import { type IdTokenHint, readIdTokenHint } from '../authorization/id-token-hint.ts';
import { languageOf } from '../interaction/browser.ts';
import { readArrival } from '../interaction/carried-post.ts';
import type { Interaction } from '../interaction/deps.ts';
import { askToSignOut, type LogoutRequest, signOut } from '../interaction/endpoints/logout.ts';
import { visitOf } from '../interaction/flow.ts';
import { pageEndpoint } from '../interaction/page-endpoint.ts';
import { showError } from '../interaction/respond.ts';
import type { SignedIn } from '../interaction/sessions.ts';

/** Creates the endpoint. */
export function createEndSessionEndpoint(interaction: Interaction): Endpoint {
  return pageEndpoint(interaction, 'end_session', '/end_session', handle);
}

async function handle(interaction: Interaction, request: HttpRequest, now: Instant): Promise<HttpResponse> {
  const arrival = readArrival(interaction, request, now);
  if (!arrival.ok) {
    if (arrival.error === 'expired') return showError(interaction, request, 'flow_expired');
    return refuse(interaction, request, arrival.error.detail);
  }
  if (arrival.value.kind === 'redirect') return arrival.value.response;
  const checked = await checkLogout(interaction, arrival.value.parameters, now);
  if (!checked.ok) return refuse(interaction, request, checked.error);
  const { hint, logout } = checked.value;
  const signedIn = await interaction.sessions.current(request, now);
  const visit = visitOf(interaction, request, now);
  if (signedIn !== undefined && !isAbout(hint, signedIn)) return askToSignOut(interaction, visit, signedIn, logout);
  // Without a hint nothing shows that the client ever knew this user: then nobody is sent anywhere.
  return signOut(interaction, visit, signedIn, hint === undefined ? { ...logout, returnTo: undefined } : logout);
}

/** Whether the hint is from the session that would end: such a client may end it without asking. */
function isAbout(hint: IdTokenHint | undefined, { session, user }: SignedIn): boolean {
  return hint !== undefined && hint.subject === user.subject && (hint.sid === undefined || hint.sid === session.id);
}

function refuse(interaction: Interaction, request: HttpRequest, detail: string): HttpResponse {
  const { language } = languageOf(request, undefined, []);
  const next = { href: `${interaction.site.basePath}/account`, label: language.logout.toAccount };
  return showError(interaction, request, 'logout_refused', { detail: `invalid_request: ${detail}`, next });
}

interface CheckedLogout {
  readonly hint: IdTokenHint | undefined;
  readonly logout: LogoutRequest;
}

const longestState = 2048;

/** Checks the parameters; the failure says what is wrong with them. */
async function checkLogout(
  { issuer, keyRing, clients }: Interaction,
  parameters: FormParameters,
  now: Instant,
): Promise<Result<CheckedLogout, string>> {
  const [repeated] = parameters.repeated;
  if (repeated !== undefined) return fail(`The parameter ${repeated} is repeated.`);
  const hintText = parameters.get('id_token_hint');
  const hint = hintText === undefined ? undefined : readIdTokenHint(hintText, { issuer, keyRing }, now);
  if (hintText !== undefined && hint === undefined) {
    return fail('The id_token_hint is not an ID Token that this server issued.');
  }
  const clientId = parameters.get('client_id') ?? hint?.clientId;
  if (hint !== undefined && clientId !== hint.clientId) {
    return fail('The client_id is not the one that the id_token_hint was issued to.');
  }
  const client = clientId === undefined ? undefined : await clients.find(clientId, now);
  if (clientId !== undefined && client === undefined) return fail('The client_id is not registered.');
  const returnTo = parameters.get('post_logout_redirect_uri');
  if (returnTo !== undefined && client?.postLogoutRedirectUris.includes(returnTo) !== true) {
    return fail(
      client === undefined
        ? 'A post_logout_redirect_uri needs a client_id or an id_token_hint.'
        : 'The post_logout_redirect_uri is not registered for this client.',
    );
  }
  const state = parameters.get('state');
  if (state !== undefined && state.length > longestState)
    return fail(`The state is longer than ${longestState} characters.`);
  const uiLocales = (parameters.get('ui_locales') ?? '').split(' ', 10);
  return ok({ hint, logout: { clientId, returnTo, state, uiLocales } });
}
