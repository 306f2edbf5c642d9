/**
 * Which language a page speaks: what the user chose here, then what the client asked for, then what the browser prefers.
 * @spec OpenID Connect Core 1.0 §3.1.2.1
 * @spec RFC 4647 §3.4
 * @spec RFC 9110 §12.5.4
 */
import { type Catalogue, en } from './en.ts';
import { ja } from './ja.ts';

/** Every language there is, the default one first. */
export const languages: readonly Catalogue[] = [en, ja];

const mostRanges = 20;

/** The catalogue for one tag such as `ja-JP`, by its primary language. */
function find(tag: string): Catalogue | undefined {
  const primary = tag.trim().split('-', 1)[0]?.toLowerCase();
  return languages.find((catalogue) => catalogue.code === primary);
}

/**
 * Chooses among the catalogues.
 * @param chosen code that the user picked on one of our pages
 * @param uiLocales the client's `ui_locales`, best first
 * @param acceptLanguage the browser's header
 */
export function chooseLanguage(
  chosen: string | undefined,
  uiLocales: readonly string[],
  acceptLanguage: string | undefined,
): Catalogue {
  for (const tag of [...(chosen === undefined ? [] : [chosen]), ...uiLocales, ...preferred(acceptLanguage ?? '')]) {
    const catalogue = find(tag);
    if (catalogue !== undefined) return catalogue;
  }
  return en;
}

/** Language ranges by descending quality; refused ones (`q=0`) and the wildcard left out. */
function preferred(header: string): readonly string[] {
  return header
    .split(',', mostRanges)
    .map((part) => {
      const [range = '', ...parameters] = part.split(';');
      const quality = parameters
        .map((parameter) => /^\s*q=([01](?:\.\d{0,3})?)\s*$/i.exec(parameter)?.[1])
        .find(Boolean);
      return { range: range.trim(), quality: Number(quality ?? 1) };
    })
    .filter(({ range, quality }) => quality > 0 && range !== '*')
    .sort((a, b) => b.quality - a.quality)
    .map(({ range }) => range);
}

const units = [
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
  ['second', 1],
] as const;

/** `milliseconds` in the largest unit that fits, rounded up: "2 minutes", "2 分". */
export function formatDuration(milliseconds: number, language: Catalogue): string {
  const seconds = Math.max(1, Math.ceil(milliseconds / 1000));
  const [unit, size] = units.find(([, length]) => seconds >= length) ?? units[3];
  return new Intl.NumberFormat(language.code, { style: 'unit', unit, unitDisplay: 'long' }).format(
    Math.ceil(seconds / size),
  );
}

/** A day in words, in UTC since the server does not know where the reader is. */
export function formatDay(instant: number, language: Catalogue): string {
  return new Intl.DateTimeFormat(language.code, { dateStyle: 'long', timeZone: 'UTC' }).format(instant);
}
