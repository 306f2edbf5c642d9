/**
 * The authorization code is the only response: tokens never travel in a URL.
 * @spec RFC 6749 §3.1.1
 * @spec RFC 9700 §2.1.2
 */
import { fail, ok } from '@tegata/core/result';
import { oauthError } from '../../errors.ts';
import type { Step } from '../step.ts';

export const responseType: Step = {
  name: 'response-type',
  check({ parameters, client }) {
    const requested = parameters.get('response_type');
    if (requested === undefined) return fail(oauthError('invalid_request', 'The parameter response_type is missing.'));
    if (requested !== 'code') return fail(oauthError('unsupported_response_type'));
    if (client.grantTypes.includes('authorization_code')) return ok({});
    return fail(
      oauthError('unauthorized_client', 'The client is not registered for the grant type authorization_code.'),
    );
  },
};
