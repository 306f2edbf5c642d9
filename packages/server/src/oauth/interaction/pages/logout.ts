/** Signing out: the question before it, and what is said afterwards. */
import { hidden } from './fields.ts';
import { html } from './html.ts';
import type { PageContent, PageContext } from './layout.ts';

export interface LogoutPage {
  readonly ticket: string;
  /** Client that asks for it; `undefined` when the user came on their own. */
  readonly client: string | undefined;
  readonly account: { readonly name: string; readonly username: string };
}

/** Content of the question whether to sign out. */
export function logoutPage({ language, site }: PageContext, page: LogoutPage): PageContent {
  const { logout, account } = language;
  const { name, username } = page.account;
  return {
    title: logout.title,
    parts: [
      html`<h1>${logout.title}</h1>
${page.client !== undefined && html`<p class="soft">${logout.asks(html`<bdi>${page.client}</bdi>`)}</p>`}
<p>${account.signedInAs} <bdi>${name}</bdi>${name !== username && html` <span class="soft">${username}</span>`}</p>
<form method="post" action="${site.basePath}/logout">
${hidden('ticket', page.ticket)}
<div class="actions"><button class="button" name="decision" value="stay">${logout.stay}</button><button
class="button primary" name="decision" value="logout">${logout.submit}</button></div>
</form>
<p class="small soft">${logout.explain}</p>`,
    ],
  };
}

/** Content of the page after signing out. */
export function signedOutPage({ language, site }: PageContext): PageContent {
  const { logout } = language;
  return {
    title: logout.doneTitle,
    parts: [
      html`<h1>${logout.doneTitle}</h1>
<p class="soft">${logout.done}</p>
<div class="actions"><a class="button" href="${site.basePath}/login">${logout.signInAgain}</a></div>`,
    ],
  };
}
