/**
 * Hints for the pages: languages and a user name to start with. Hints that make no sense are ignored, as are `display`, `claims`,
 * `claims_locales` and `acr_values`, which ask for nothing that could be promised.
 * @spec OpenID Connect Core 1.0 §3.1.2.1
 * @spec OpenID Connect Core 1.0 §5.5
 */
import { ok } from '@tegata/core/result';
import type { Step } from '../step.ts';

const languageTag = /^[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8}){0,4}$/;
const mostLocales = 10;
const longestHint = 256;

export const displayHints: Step = {
  name: 'display-hints',
  check({ parameters }) {
    const locales = (parameters.get('ui_locales') ?? '').split(' ', mostLocales).filter((tag) => languageTag.test(tag));
    const hint = parameters.get('login_hint');
    return ok({ uiLocales: locales, loginHint: hint !== undefined && hint.length <= longestHint ? hint : undefined });
  },
};
