/**
 * How long ago the user may have signed in, at most; the client's registered default counts when the request names none.
 * @spec OpenID Connect Core 1.0 §3.1.2.1
 * @spec OpenID Connect Dynamic Client Registration 1.0 §2
 */
import { fail, ok } from '@tegata/core/result';
import { oauthError } from '../../errors.ts';
import type { Step } from '../step.ts';

export const maxAge: Step = {
  name: 'max-age',
  check({ parameters, client }) {
    const text = parameters.get('max_age');
    if (text === undefined) return ok({ maxAge: client.defaultMaxAge });
    if (/^\d{1,10}$/.test(text)) return ok({ maxAge: Number(text) });
    return fail(oauthError('invalid_request', 'The max_age is not a whole number of seconds.'));
  },
};
