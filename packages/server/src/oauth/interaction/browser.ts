/**
 * What a request says about the browser it comes from: its binding cookie, its language, and whether a form is ours.
 * @spec RFC 9700 §4.7
 * @spec Fetch Metadata Request Headers §2.2
 */

import type { HttpRequest } from '@tegata/core/http/message';
import { encodeSecret } from '@tegata/core/id';
import type { Random } from '@tegata/core/random';
import { readCookie, setCookie } from './cookies.ts';
import type { Catalogue } from './text/en.ts';
import { chooseLanguage, languages } from './text/language.ts';

const bindingBytes = 24;
const bindingPattern = /^[A-Za-z0-9_-]{32}$/;
const yearInSeconds = 31_536_000;

/** One browser, told from others by a random cookie that is no proof of anything else. */
export interface Browser {
  readonly binding: string;
  /** Set-Cookie header for a browser that has no binding yet: name and value, or nothing. */
  readonly headers: readonly string[];
}

/** The browser's binding as it sent it; `undefined` for one that has none, or refuses cookies. */
export function knownBrowser(request: HttpRequest): string | undefined {
  const value = readCookie(request.headers.cookie, '__Host-tegata-browser');
  return value !== undefined && bindingPattern.test(value) ? value : undefined;
}

/** The browser's binding, made now if need be. */
export function browserOf(request: HttpRequest, random: Random): Browser {
  const known = knownBrowser(request);
  if (known !== undefined) return { binding: known, headers: [] };
  const binding = encodeSecret(random.bytes(bindingBytes));
  return { binding, headers: ['Set-Cookie', setCookie('__Host-tegata-browser', binding)] };
}

/**
 * Whether a form was sent by a page of this origin. Browsers say so in Sec-Fetch-Site; older ones name the origin, or hide it
 * because our pages send no referrer, and are judged by the sealed ticket alone.
 */
export function isOwnForm(request: HttpRequest, origin: string): boolean {
  const site = request.headers['sec-fetch-site'];
  if (site !== undefined) return site === 'same-origin';
  const sender = request.headers.origin;
  return sender === undefined || sender === 'null' || sender === origin;
}

export interface LanguageChoice {
  readonly language: Catalogue;
  /** Set-Cookie header that keeps a choice made on the page: name and value, or nothing. */
  readonly headers: readonly string[];
}

/**
 * The language of a page.
 * @param picked `lang` parameter of the page's address, as the links at its foot set it
 * @param uiLocales what the client asked for
 */
export function languageOf(
  request: HttpRequest,
  picked: string | undefined,
  uiLocales: readonly string[],
): LanguageChoice {
  const chosen = languages.find(({ code }) => code === picked);
  const language =
    chosen ??
    chooseLanguage(
      readCookie(request.headers.cookie, '__Host-tegata-language'),
      uiLocales,
      request.headers['accept-language'],
    );
  const headers =
    chosen === undefined ? [] : ['Set-Cookie', setCookie('__Host-tegata-language', chosen.code, yearInSeconds)];
  return { language, headers };
}
