/**
 * The authorization endpoint: checks the request, then sends the user to sign in, to consent, or back to the client with a code.
 * @spec RFC 6749 §3.1
 * @spec RFC 6749 §4.1.1
 * @spec RFC 9207 §2
 * @spec RFC 9700 §4.11.2
 * @spec OpenID Connect Core 1.0 §3.1.2
 */
import type { HttpRequest, HttpResponse } from '@tegata/core/http/message';
import type { Instant } from '@tegata/core/time/clock';
import type { Endpoint } from '../../ports/endpoint.ts';
import { errorAnswer } from '../authorization/answer.ts';
import { checkRequest, type RefusedRequest } from '../authorization/pipeline.ts';
import type { Client } from '../clients/client.ts';
import { languageOf } from '../interaction/browser.ts';
import { readArrival } from '../interaction/carried-post.ts';
import { clientName } from '../interaction/client-names.ts';
import type { Interaction } from '../interaction/deps.ts';
import { advance, visitOf } from '../interaction/flow.ts';
import { pageEndpoint } from '../interaction/page-endpoint.ts';
import { html } from '../interaction/pages/html.ts';
import { seeOther, showError } from '../interaction/respond.ts';

/** Creates the endpoint. */
export function createAuthorizationEndpoint(interaction: Interaction): Endpoint {
  return pageEndpoint(interaction, 'authorization', '/authorize', handle);
}

async function handle(interaction: Interaction, request: HttpRequest, now: Instant): Promise<HttpResponse> {
  const arrival = readArrival(interaction, request, now);
  if (!arrival.ok) {
    if (arrival.error === 'expired') return showError(interaction, request, 'flow_expired');
    return showError(interaction, request, 'bad_request', { detail: `invalid_request: ${arrival.error.detail}` });
  }
  if (arrival.value.kind === 'redirect') return arrival.value.response;
  const { issuer, keyRing, sharedResources, clients } = interaction;
  const rules = { issuer, keyRing, sharedResources };
  const checked = await checkRequest(arrival.value.parameters, clients, rules, now);
  if (!checked.ok) return refuse(interaction, request, checked.error);
  return advance(interaction, { request: checked.value.request, startedAt: now }, visitOf(interaction, request, now));
}

function refuse(
  interaction: Interaction,
  request: HttpRequest,
  { refusal, client, silent }: RefusedRequest,
): HttpResponse {
  const { error } = refusal;
  interaction.metrics.count('oauth_errors', { endpoint: 'authorization', error: error.code });
  const detail = `${error.code}: ${error.description}`;
  if (refusal.tell === 'user') return showError(interaction, request, refusal.kind, { detail });
  const address = errorAnswer(refusal.returnTo, error, interaction.issuer);
  if (silent || client === undefined || isVouchedFor(client)) return seeOther(address);
  const { language } = languageOf(request, undefined, []);
  const name = clientName(client, language.code);
  const next = { href: address, label: language.common.backTo(html`<bdi>${name}</bdi>`) };
  return showError(interaction, request, 'bad_request', { detail, next });
}

/**
 * Whether users may be sent to the client's redirect URIs at once, before they have done anything: the operator registered them. A
 * client that registered itself could use its own faulty requests to send users from our name to any place; for it there is a page
 * with a link, which says where it leads.
 */
function isVouchedFor(client: Client): boolean {
  return client.registrationTokenDigest === undefined;
}
