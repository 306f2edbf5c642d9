/** Pieces of forms: labelled fields with their hint and fault, the summary of faults, hidden values, notes. */
import { type Html, html } from './html.ts';

export interface Field {
  readonly name: string;
  readonly label: string;
  readonly type: 'text' | 'password';
  /** WHATWG autofill detail tokens. */
  readonly autocomplete: string;
  readonly value?: string | undefined;
  readonly hint?: string | undefined;
  /** What is wrong with it, shown beside it and read with it. */
  readonly fault?: string | undefined;
  readonly required?: boolean;
  readonly autofocus?: boolean;
  /** For names and addresses: no capital letters or corrections by the keyboard. */
  readonly verbatim?: boolean;
}

/** One field with its label above it. */
export function renderField(field: Field): Html {
  const { name, fault, hint } = field;
  const describedBy = [hint !== undefined && `${name}-hint`, fault !== undefined && `${name}-fault`].filter(Boolean);
  return html`<div class="field">
<label for="${name}">${field.label}</label>
${hint !== undefined && html`<p class="hint" id="${name}-hint">${hint}</p>\n`}<input id="${name}" name="${name}" type="${
    field.type
  }" autocomplete="${field.autocomplete}"${field.value !== undefined && html` value="${field.value}"`}${
    field.required === true && html` aria-required="true"`
  }${field.verbatim === true && html` autocapitalize="none" autocorrect="off" spellcheck="false"`}${
    describedBy.length > 0 && html` aria-describedby="${describedBy.join(' ')}"`
  }${fault !== undefined && html` aria-invalid="true"`}${field.autofocus === true && html` autofocus`}>
${fault !== undefined && html`<p class="fault" id="${name}-fault">${fault}</p>\n`}</div>`;
}

/** A fault in the summary, with the field that it is about. */
export interface SummaryItem {
  readonly text: string;
  readonly field?: string;
}

/** What went wrong, above the form; the browser puts the focus on it when the page opens. */
export function renderSummary(heading: string, items: readonly SummaryItem[]): Html | undefined {
  if (items.length === 0) return undefined;
  return html`<div class="summary" role="alert" tabindex="-1" autofocus>
<h2>${heading}</h2>
<ul>
${items.map(({ text, field }) => html`<li>${field === undefined ? text : html`<a href="#${field}">${text}</a>`}</li>\n`)}</ul>
</div>`;
}

/** A hidden value. */
export function hidden(name: string, value: string): Html {
  return html`<input type="hidden" name="${name}" value="${value}">`;
}

/** A picture of one letter for a person or an app, since nothing is loaded from elsewhere. */
export function initialOf(name: string, shape: 'square' | 'round'): Html {
  const letter = [...new Intl.Segmenter().segment(name.trim())][0]?.segment.toUpperCase() ?? '?';
  return html`<span class="initial${shape === 'round' && ' round'}" aria-hidden="true">${letter}</span>`;
}
