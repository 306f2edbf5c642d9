/** Sign-in: user name and password, or an account that is signed in already. */
import { type Field, hidden, initialOf, renderField, renderSummary, type SummaryItem } from './fields.ts';
import { type Html, html } from './html.ts';
import type { PageContent, PageContext } from './layout.ts';

export interface LoginPage {
  /** Seal of the flow, sent back with the form. */
  readonly ticket: string;
  /** Name of the client that waits for the sign-in; `undefined` when the user came on their own. */
  readonly client: string | undefined;
  readonly username: string | undefined;
  /** Account of the present session that may be used without a password. */
  readonly account: { readonly name: string; readonly username: string } | undefined;
  /** Whether somebody who is signed in has to sign in again. */
  readonly again: boolean;
  readonly faults: readonly SummaryItem[];
}

/** Content of the sign-in page. */
export function loginPage(context: PageContext, page: LoginPage): PageContent {
  const { language, site } = context;
  const { login, common } = language;
  const title = titleOf(context, page);
  const action = `${site.basePath}/login`;
  const client = page.client === undefined ? undefined : html`<bdi>${page.client}</bdi>`;
  const form = html`<form method="post" action="${action}" novalidate class="fields">
${hidden('ticket', page.ticket)}
${loginFields(context, page).map(renderField)}
<div class="actions"><button class="button primary" name="action" value="login">${login.submit}</button></div>
</form>`;
  return {
    title: page.faults.length > 0 ? common.errorTitle(title) : title,
    parts: [
      html`<h1>${title}</h1>
${client !== undefined && html`<p class="soft">${page.again ? login.againWhy(client) : login.toContinue(client)}</p>`}
${renderSummary(common.summary, page.faults)}
${page.account !== undefined && continueForm(context, page, action)}
${form}
${client !== undefined && cancelForm(page.ticket, action, common.cancelTo(client))}`,
    ],
  };
}

function titleOf({ language }: PageContext, page: LoginPage): string {
  if (page.account !== undefined) return language.account.choose;
  return page.again ? language.login.again : language.login.title;
}

function loginFields({ language }: PageContext, page: LoginPage): readonly Field[] {
  const { common } = language;
  const faultOf = (field: string) => page.faults.find((fault) => fault.field === field)?.text;
  const calm = page.faults.length === 0 && page.account === undefined;
  const named = page.username !== undefined && page.username !== '';
  return [
    {
      name: 'username',
      label: common.username,
      type: 'text',
      autocomplete: 'username',
      value: page.username,
      fault: faultOf('username'),
      required: true,
      verbatim: true,
      autofocus: calm && !named,
    },
    {
      name: 'password',
      label: common.password,
      type: 'password',
      autocomplete: 'current-password',
      fault: faultOf('password'),
      required: true,
      autofocus: calm && named,
    },
  ];
}

function continueForm({ language }: PageContext, page: LoginPage, action: string): Html {
  const { name, username } = page.account ?? { name: '', username: '' };
  return html`<form method="post" action="${action}">
${hidden('ticket', page.ticket)}
<button class="button row" name="action" value="continue">${initialOf(name, 'round')}<span>${language.account.continueAs(
    html`<bdi>${name}</bdi>`,
  )}${name !== username && html`<br><span class="soft small">${username}</span>`}</span></button>
</form>
<p class="or">${language.account.another}</p>`;
}

function cancelForm(ticket: string, action: string, label: Html): Html {
  return html`<form method="post" action="${action}">
${hidden('ticket', ticket)}
<button class="plain" name="action" value="cancel">${label}</button>
</form>`;
}
