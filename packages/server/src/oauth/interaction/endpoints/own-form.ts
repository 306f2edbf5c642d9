/**
 * Checks that every form of ours passes before anything is done with it: it comes from our page, in the browser that the page was
 * made for, in time.
 * @spec RFC 9700 §4.7
 */
import type { JsonObject } from '@tegata/core/codec/json';
import type { FormParameters } from '@tegata/core/http/forms';
import type { HttpRequest, HttpResponse } from '@tegata/core/http/message';
import { fail, ok, type Result } from '@tegata/core/result';
import type { Instant } from '@tegata/core/time/clock';
import { isOwnForm, knownBrowser } from '../browser.ts';
import type { Interaction } from '../deps.ts';
import { type Visit, visitOf } from '../flow.ts';
import { readForm, showError } from '../respond.ts';
import type { TicketKind } from '../tickets.ts';

export interface OwnForm {
  readonly form: FormParameters;
  /** The sealed ticket as sent, for `firstUse`. */
  readonly ticket: string;
  readonly content: JsonObject;
  readonly visit: Visit;
}

/** The form and what its ticket holds; the failure is the page that answers instead. */
export function receiveOwnForm(
  interaction: Interaction,
  request: HttpRequest,
  kind: TicketKind,
  now: Instant,
): Result<OwnForm, HttpResponse> {
  if (!isOwnForm(request, interaction.site.origin)) return fail(showError(interaction, request, 'cross_site'));
  const form = readForm(request.body);
  if (form === undefined) return fail(showError(interaction, request, 'unreadable'));
  const binding = knownBrowser(request);
  const ticket = form.get('ticket') ?? '';
  const content = binding === undefined ? undefined : interaction.tickets.open(kind, binding, ticket, now);
  if (content === undefined) return fail(showError(interaction, request, 'flow_expired'));
  return ok({ form, ticket, content, visit: visitOf(interaction, request, now) });
}
