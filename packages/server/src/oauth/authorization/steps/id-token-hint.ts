/**
 * The user whom the client expects, named by an ID Token of ours, expired or not.
 * @spec OpenID Connect Core 1.0 §3.1.2.1
 */
import { fail, ok } from '@tegata/core/result';
import { oauthError } from '../../errors.ts';
import { readIdTokenHint } from '../id-token-hint.ts';
import type { Step } from '../step.ts';

export const idTokenHint: Step = {
  name: 'id-token-hint',
  check({ parameters, rules, now }) {
    const text = parameters.get('id_token_hint');
    if (text === undefined) return ok({ hintedSubject: undefined });
    const hint = readIdTokenHint(text, rules, now);
    if (hint !== undefined) return ok({ hintedSubject: hint.subject });
    return fail(oauthError('invalid_request', 'The id_token_hint is not an ID Token that this server issued.'));
  },
};
