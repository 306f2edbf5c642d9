/** First-user set-up: the page behind the one-time link that start-up prints. */

import type { AccountFault } from '../users/accounts.ts';
import { type Field, hidden, renderField, renderSummary, type SummaryItem } from './fields.ts';
import { html } from './html.ts';
import type { PageContent, PageContext } from './layout.ts';

/** What can be wrong with the form: the account's own faults, and a repetition that differs. */
export type SetupFault = AccountFault | { readonly field: 'repeat'; readonly code: 'password_different' };

export interface SetupPage {
  readonly ticket: string;
  readonly username: string | undefined;
  readonly name: string | undefined;
  readonly faults: readonly SetupFault[];
  /** Other reasons why nothing was created, in the page's language. */
  readonly notices: readonly string[];
  /** Shortest password accepted, in characters. */
  readonly shortestPassword: number;
}

/** Content of the set-up page. */
export function setupPage({ language, site }: PageContext, page: SetupPage): PageContent {
  const { setup, common } = language;
  const found = page.faults.map(({ field, code }) => ({ field, text: setup.faults[code] }));
  const items: readonly SummaryItem[] = [...page.notices.map((text) => ({ text })), ...found];
  const failed = items.length > 0;
  const faultOf = (field: string) => found.find((item) => item.field === field)?.text;
  const secret = { type: 'password', autocomplete: 'new-password', required: true } as const;
  const fields: readonly Field[] = [
    {
      name: 'username',
      label: common.username,
      type: 'text',
      autocomplete: 'username',
      hint: setup.usernameHint,
      value: page.username,
      fault: faultOf('username'),
      required: true,
      verbatim: true,
      autofocus: !failed,
    },
    {
      name: 'name',
      label: setup.displayName,
      type: 'text',
      autocomplete: 'name',
      hint: setup.displayNameHint,
      value: page.name,
      fault: faultOf('name'),
    },
    {
      ...secret,
      name: 'password',
      label: common.password,
      hint: setup.passwordHint(page.shortestPassword),
      fault: faultOf('password'),
    },
    { ...secret, name: 'repeat', label: setup.repeat, fault: faultOf('repeat') },
  ];
  return {
    title: failed ? common.errorTitle(setup.title) : setup.title,
    parts: [
      html`<h1>${setup.title}</h1>
<p class="soft">${setup.intro}</p>
${renderSummary(common.summary, items)}
<form method="post" action="${site.basePath}/setup" novalidate class="fields">
${hidden('ticket', page.ticket)}
${fields.map(renderField)}
<div class="actions"><button class="button primary">${setup.submit}</button></div>
</form>`,
    ],
  };
}
