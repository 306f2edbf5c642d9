/** Markup that cannot be mixed up with text: every value put into a template is escaped unless it is markup already. */

const brand: unique symbol = Symbol('html');

/** Text that is safe to send as HTML. Only `html` makes it. */
export interface Html {
  readonly [brand]: true;
  readonly markup: string;
}

/** What a template takes: `false` and `undefined` vanish, lists are joined. */
export type HtmlValue = Html | string | number | false | undefined | readonly HtmlValue[];

const escapes: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Tagged template: the literal parts are markup, the values are text. Attribute values must be quoted in the literal part. */
export function html(literals: TemplateStringsArray, ...values: readonly HtmlValue[]): Html {
  let markup = literals[0] ?? '';
  for (const [at, value] of values.entries()) markup += toMarkup(value) + (literals[at + 1] ?? '');
  return { [brand]: true, markup };
}

function toMarkup(value: HtmlValue): string {
  if (value === undefined || value === false) return '';
  if (typeof value === 'string') return value.replace(/[&<>"']/g, (character) => escapes[character] ?? '');
  if (typeof value === 'number') return String(value);
  return brand in value ? value.markup : value.map(toMarkup).join('');
}
