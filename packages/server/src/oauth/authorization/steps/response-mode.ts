/**
 * Answers go in the query of the redirect URI, the default for codes.
 * @spec OAuth 2.0 Multiple Response Type Encoding Practices §2.1
 */
import { fail, ok } from '@tegata/core/result';
import { oauthError } from '../../errors.ts';
import type { Step } from '../step.ts';

export const responseMode: Step = {
  name: 'response-mode',
  check({ parameters }) {
    const requested = parameters.get('response_mode') ?? 'query';
    if (requested === 'query') return ok({});
    return fail(oauthError('invalid_request', 'The response_mode is not supported; leave it out, or use query.'));
  },
};
