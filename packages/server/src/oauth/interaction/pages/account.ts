/** The signed-in landing page: who you are, which apps you have allowed, sign out. */
import { formatDay } from '../text/language.ts';
import { hidden, initialOf } from './fields.ts';
import { type Html, html } from './html.ts';
import type { PageContent, PageContext } from './layout.ts';

export interface AllowedApp {
  readonly clientId: string;
  /** `undefined` when the client has been removed. */
  readonly name: string | undefined;
  readonly grantedAt: number;
}

export interface AccountPage {
  readonly ticket: string;
  readonly name: string;
  readonly username: string;
  readonly administrator: boolean;
  readonly apps: readonly AllowedApp[];
}

/** Content of the account page. */
export function accountPage(context: PageContext, page: AccountPage): PageContent {
  const { language, site } = context;
  const { account, common } = language;
  return {
    title: account.title,
    parts: [
      html`<h1>${account.title}</h1>
<div class="who">${initialOf(page.name, 'round')}<p><strong><bdi>${page.name}</bdi></strong>${
        page.name !== page.username && html`<span class="soft">${page.username}</span> `
      }${page.administrator && html`<span class="tag calm">${account.administrator}</span>`}</p></div>`,
      html`<h2>${account.apps}</h2>
${page.apps.length === 0 ? html`<p class="soft">${account.noApps}</p>` : html`<ul class="apps">${page.apps.map((app) => appRow(context, app, page.ticket))}</ul>`}`,
      html`<form method="post" action="${site.basePath}/account">
${hidden('ticket', page.ticket)}
<div class="actions"><button class="button" name="action" value="logout">${common.signOut}</button></div>
</form>`,
    ],
  };
}

function appRow({ language, site }: PageContext, app: AllowedApp, ticket: string): Html {
  const { account } = language;
  const name = app.name ?? account.removedApp;
  return html`<li><div><bdi>${name}</bdi><p class="soft small">${account.allowedOn(formatDay(app.grantedAt, language))}</p></div>
<form method="post" action="${site.basePath}/account">${hidden('ticket', ticket)}${hidden('client', app.clientId)}<button
class="button" name="action" value="revoke" aria-label="${account.revokeFrom(name)}">${account.revoke}</button></form></li>
`;
}
