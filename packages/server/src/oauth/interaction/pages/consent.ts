/** Consent: who asks, for what (risky things first), for how long, by which account; refusing is as easy as allowing. */
import { formatDuration } from '../text/language.ts';
import { hidden } from './fields.ts';
import { type Html, html } from './html.ts';
import type { PageContent, PageContext } from './layout.ts';
import { scopeIcon } from './scope-icons.ts';

export interface ConsentPage {
  /** Seal of the flow, sent back with the form. */
  readonly ticket: string;
  readonly client: string;
  /** Host that the answer goes to; `undefined` when it stays on the user's device. */
  readonly destination: string | undefined;
  /** The client registered itself, so its name proves nothing. */
  readonly unverified: boolean;
  /** Any app on the device could pose as this one (RFC 8252 section 8.6). */
  readonly impersonable: boolean;
  readonly privacyPolicy: string | undefined;
  readonly terms: string | undefined;
  readonly scopes: readonly string[];
  readonly resources: readonly string[];
  /** Whether access goes on while the user is away. */
  readonly lasting: boolean;
  /** Longest time until this server has to be asked again, in milliseconds. */
  readonly duration: number;
  readonly account: { readonly name: string; readonly username: string };
  /** Whether the answer may be remembered. */
  readonly rememberable: boolean;
  /** Whether an earlier answer came to nothing, so that the user has to decide again. */
  readonly changed: boolean;
}

/** Content of the consent page. */
export function consentPage(context: PageContext, page: ConsentPage): PageContent {
  const { consent } = context.language;
  return {
    title: consent.title(page.client),
    parts: [
      html`<h1>${consent.heading(html`<bdi>${page.client}</bdi>`)}</h1>
${page.changed && html`<p class="note" role="alert">${consent.changed}</p>`}
<p class="soft">${consent.returnsTo} ${page.destination === undefined ? consent.device : html`<span class="mono">${page.destination}</span>`}</p>
${caution(context, page)}`,
      html`<h2>${consent.what}</h2>
<ul class="asks">
${sortByRisk(page.scopes).map((scope) => ask(context, scope))}</ul>`,
      facts(context, page),
    ],
    stub: decision(context, page),
  };
}

function caution({ language }: PageContext, page: ConsentPage): Html | undefined {
  const { consent } = language;
  const [heading, text] = page.impersonable
    ? [consent.impersonable, consent.impersonableWhy]
    : [consent.unverified, consent.unverifiedWhy];
  if (!page.impersonable && !page.unverified) return undefined;
  return html`<div class="note warn"><h2>${heading}</h2><p class="small">${text}</p></div>`;
}

/** Scopes whose reach is known to be small, smallest last; every other one is listed before them, lasting access first. */
const harmless: readonly string[] = ['email', 'profile', 'openid'];

function sortByRisk(scopes: readonly string[]): readonly string[] {
  const rank = (scope: string): number => (scope === 'offline_access' ? -2 : harmless.indexOf(scope));
  return scopes.toSorted((a, b) => rank(a) - rank(b));
}

function ask({ language }: PageContext, scope: string): Html {
  const { scopes, otherScope, otherScopeDetail } = language.consent;
  const known = Object.hasOwn(scopes, scope) ? scopes[scope as keyof typeof scopes] : undefined;
  const what = known?.what ?? otherScope(html`<code>${scope}</code>`);
  const detail = known === undefined ? otherScopeDetail : known.detail;
  return html`<li${!harmless.includes(scope) && html` class="risk"`}>${scopeIcon(scope)}<div><p>${what}</p>${
    detail !== undefined && html`<p class="soft small">${detail}</p>`
  }</div></li>
`;
}

function facts({ language, site }: PageContext, page: ConsentPage): Html {
  const { consent } = language;
  const { name, username } = page.account;
  const span = formatDuration(page.duration, language);
  const duration = page.lasting ? consent.untilRevoked(span) : consent.forAWhile(span);
  return html`<dl class="facts">
${page.resources.length > 0 && html`<dt>${consent.where}</dt><dd>${page.resources.map((resource) => html`<p class="mono">${breakable(resource)}</p>`)}</dd>\n`}<dt>${
    consent.howLong
  }</dt><dd>${duration}</dd>
<dt>${consent.account}</dt><dd><p><bdi>${name}</bdi>${name !== username && html` <span class="soft">${username}</span>`}</p>
<form method="post" action="${site.basePath}/consent">${hidden('ticket', page.ticket)}<button class="plain" name="decision" value="switch">${
    language.account.useAnother
  }</button></form></dd>
</dl>`;
}

/** An address that may be broken where it is read in pieces. */
function breakable(address: string): readonly Html[] {
  return address.split(/(?<=[/.:?&=-])(?![/])/).map((piece) => html`${piece}<wbr>`);
}

function links({ language }: PageContext, { privacyPolicy, terms }: ConsentPage): Html | undefined {
  const { consent } = language;
  if (privacyPolicy === undefined && terms === undefined) return undefined;
  return html`<p class="links">${privacyPolicy !== undefined && html`<a class="plain" href="${privacyPolicy}" rel="noreferrer">${consent.privacy}</a> `}${
    terms !== undefined && html`<a class="plain" href="${terms}" rel="noreferrer">${consent.terms}</a>`
  }</p>`;
}

function decision(context: PageContext, page: ConsentPage): Html {
  const { language, site } = context;
  const { consent } = language;
  return html`<form method="post" action="${site.basePath}/consent">
${hidden('ticket', page.ticket)}
${page.rememberable && html`<label class="check"><input type="checkbox" name="remember" value="yes" checked><span>${consent.remember}</span></label>\n`}<div
class="actions"><button class="button" name="decision" value="deny">${consent.deny}</button><button
class="button primary" name="decision" value="allow">${consent.allow}</button></div>
</form>
${(page.lasting || page.rememberable) && html`<p class="small soft">${consent.takeBack}</p>`}
${links(context, page)}`;
}
