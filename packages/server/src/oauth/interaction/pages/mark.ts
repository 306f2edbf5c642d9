/** The mark: a square seal with the print of a hand left blank, the tegata of the name. */
import { type Html, html } from './html.ts';

const hand = html`<path d="M24 38.5c5-2.5 14-3 19-.8 2.3 1.2 2.6 5 1.8 8.8-1 5-5 9-10.8 9-6.5 0-10.5-3.7-11.8-8.8-.8-3.3-.4-7 1.8-8.2z"/><path
d="M22.8 31.5 19.2 19.5M30.5 29.8 29.3 13.2M38.3 29.8 40 14.8M45.8 32.5 50 22M17.8 43.5 11.8 36.8" fill="none"
stroke-width="6.6" stroke-linecap="round"/>`;

/** The mark inside a page, coloured by the stylesheet; decoration for screen readers, since the name stands beside it. */
export const markInline: Html = html`<svg class="mark" viewBox="0 0 64 64" width="40" height="40" aria-hidden="true" focusable="false"><rect
class="mark-seal" x="2" y="2" width="60" height="60" rx="10"/><g class="mark-hand">${hand}</g></svg>`;

/** The mark as a file of its own, for the browser's tab. */
export const markFile: string =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64"><rect x="2" y="2" width="60" height="60" rx="10" fill="#C2351F"/>' +
  `<g fill="#FBFAF6" stroke="#FBFAF6">${hand.markup}</g></svg>`;
