/** Error pages: what happened, what to do now, and a reference for the operator; never a dead end. */
import { type Html, html } from './html.ts';
import type { PageContent, PageContext } from './layout.ts';

/** What can go wrong: keys of the catalogue. */
export type ErrorKind = Exclude<keyof PageContext['language']['errors'], 'detail'>;

export interface ErrorPage {
  readonly kind: ErrorKind;
  /** Request id, which the log has as well. */
  readonly reference: string;
  /** The protocol's own words, for the client's developers. */
  readonly detail?: string | undefined;
  /** Where to go on. */
  readonly next?: { readonly href: string; readonly label: Html | string } | undefined;
}

/** Content of an error page. */
export function errorPage(context: PageContext, page: ErrorPage): PageContent {
  const { language } = context;
  const { common, errors } = language;
  const { title, happened, advice } = errors[page.kind];
  return {
    title: common.errorTitle(title),
    parts: [
      html`<h1>${title}</h1>
<p>${happened}</p>
<p>${advice}</p>
${wayOn(context, page)}`,
    ],
    stub: html`${page.detail !== undefined && html`<p class="reference">${errors.detail}<br><code>${page.detail}</code></p>`}
<p class="reference">${common.reference}<br><code>${page.reference}</code></p>`,
  };
}

/** Where the caller says, or to the account page; before set-up there is neither. */
function wayOn({ language, site }: PageContext, { kind, next }: ErrorPage): Html | undefined {
  if (next === undefined && kind === 'setup_link') return undefined;
  const { href, label } = next ?? { href: `${site.basePath}/account`, label: language.logout.toAccount };
  return html`<div class="actions"><a class="button${next !== undefined && ' primary'}" href="${href}" rel="noreferrer"><span>${label}</span></a></div>`;
}
