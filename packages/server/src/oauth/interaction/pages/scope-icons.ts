/** A small line drawing per kind of permission, so that a list of them can be taken in at a glance. */
import { type Html, html } from './html.ts';

const person = html`<circle cx="12" cy="8" r="4"/><path d="M4.5 20.5c1-4 4-6 7.5-6s6.5 2 7.5 6"/>`;
const card = html`<rect x="3" y="5" width="18" height="14" rx="2"/><circle cx="8.5" cy="10.5" r="2"/><path d="M5.5 16c.6-1.6 1.7-2.3 3-2.3s2.4.7 3 2.3M14.5 10h4M14.5 14h4"/>`;
const envelope = html`<rect x="3" y="5" width="18" height="14" rx="2"/><path d="m3.5 7 8.5 6 8.5-6"/>`;
const returning = html`<path d="M20 12a8 8 0 1 1-2.5-5.8M20 3.5v4h-4"/><path d="M12 8v4.5l3 1.5"/>`;
const key = html`<circle cx="8" cy="15.5" r="4.5"/><path d="m11.3 12.3 8.2-8.2M16 7.5l3 3"/>`;

const drawings: Readonly<Record<string, Html>> = {
  openid: person,
  profile: card,
  email: envelope,
  offline_access: returning,
};

/** The drawing for a scope; decoration, since the words say it all. */
export function scopeIcon(scope: string): Html {
  const drawing = Object.hasOwn(drawings, scope) ? drawings[scope] : key;
  return html`<svg viewBox="0 0 24 24" aria-hidden="true" focusable="false">${drawing}</svg>`;
}
