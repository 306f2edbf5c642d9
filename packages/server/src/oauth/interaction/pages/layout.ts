/**
 * The frame of every page, and the headers it travels with.
 * @spec RFC 9700 §4.16
 * @spec RFC 9700 §4.2.4
 */
import type { HttpResponse } from '@tegata/core/http/message';
import type { Catalogue } from '../text/en.ts';
import { languages } from '../text/language.ts';
import { markAsset, styleAsset } from './assets.ts';
import { type Html, html } from './html.ts';
import { markInline } from './mark.ts';

/** What all pages of one server share. */
export interface Site {
  /** The issuer identifier. */
  readonly issuer: string;
  /** Scheme, host and port of the issuer. */
  readonly origin: string;
  /** Host and port, as people see it in the address bar. */
  readonly host: string;
  /** Path of the issuer, without a slash at its end. */
  readonly basePath: string;
}

/** What one page needs besides its content. */
export interface PageContext {
  readonly site: Site;
  readonly language: Catalogue;
  /** Address of this same page in another language; `undefined` where it cannot be asked for again by GET. */
  readonly inLanguage: ((code: string) => string) | undefined;
}

export interface PageContent {
  readonly title: string;
  /** Sections of the sheet, top to bottom, with a thin line between them. */
  readonly parts: readonly Html[];
  /** What can be torn off at the bottom: the answer on a pass, the reference on an error. */
  readonly stub?: Html;
}

export interface PageOptions {
  readonly status?: number;
  /** Where the page's forms may lead besides this server: `form-action` sources for the client's redirect URI. */
  readonly formTargets?: readonly string[];
  /** Further headers, names and values in turn. */
  readonly headers?: readonly string[];
}

/** The site for an issuer identifier. */
export function createSite(issuer: string): Site {
  const url = new URL(issuer);
  return { issuer, origin: url.origin, host: url.host, basePath: url.pathname.replace(/\/$/, '') };
}

/** A whole page as a response that no cache keeps, no frame shows and no script runs in. */
export function renderPage(context: PageContext, content: PageContent, options: PageOptions = {}): HttpResponse {
  return {
    status: options.status ?? 200,
    headers: [
      'Content-Type',
      'text/html; charset=utf-8',
      'Content-Language',
      context.language.code,
      ...guardHeaders,
      'Content-Security-Policy',
      contentSecurityPolicy(options.formTargets ?? []),
      ...(options.headers ?? []),
    ],
    body: documentOf(context, content).markup,
  };
}

/**
 * Headers of every answer of these endpoints, redirects included. No opener policy: clients that sign users in by a pop-up window
 * would lose it.
 */
export const guardHeaders: readonly string[] = [
  'Cache-Control',
  'no-store',
  'Referrer-Policy',
  'no-referrer',
  'X-Frame-Options',
  'DENY',
  'Cross-Origin-Resource-Policy',
  'same-origin',
  'Permissions-Policy',
  'camera=(), geolocation=(), microphone=(), payment=(), usb=()',
  'X-Robots-Tag',
  'noindex',
];

function contentSecurityPolicy(formTargets: readonly string[]): string {
  const formAction = ["'self'", ...formTargets].join(' ');
  return (
    "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; frame-ancestors 'none'; " +
    `form-action ${formAction}`
  );
}

function documentOf({ site, language, inLanguage }: PageContext, { title, parts, stub }: PageContent): Html {
  const { basePath, host } = site;
  const [first, ...others] = parts;
  return html`<!doctype html>
<html lang="${language.code}">
<head>
<meta charset="utf-8">
<title>${title} · ${host}</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<link rel="stylesheet" href="${basePath}/assets/${styleAsset.name}">
<link rel="icon" type="image/svg+xml" href="${basePath}/assets/${markAsset.name}">
</head>
<body>
<main class="sheet">
<div class="part">
<div class="host"><span class="host-name">${host}</span>${markInline}</div>
${first}
</div>
${others.map((part) => html`<div class="part">${part}</div>\n`)}${stub !== undefined && html`<div class="part stub">${stub}</div>\n`}</main>
${inLanguage !== undefined && languageLinks(language, inLanguage)}
</body>
</html>
`;
}

function languageLinks(current: Catalogue, inLanguage: (code: string) => string): Html {
  const items = languages.map(({ code, name }) =>
    code === current.code
      ? html`<span lang="${code}" aria-current="true">${name}</span>`
      : html`<a lang="${code}" hreflang="${code}" href="${inLanguage(code)}">${name}</a>`,
  );
  return html`<footer><nav aria-label="${current.common.language}">${items}</nav></footer>`;
}
