/**
 * Request objects and registration on the fly are not offered, and never silently ignored: they would change the request's meaning.
 * @spec OpenID Connect Core 1.0 §6
 * @spec OpenID Connect Core 1.0 §3.1.2.6
 */
import { fail, ok } from '@tegata/core/result';
import { oauthError } from '../../errors.ts';
import type { Step } from '../step.ts';

export const requestObject: Step = {
  name: 'request-object',
  check({ parameters }) {
    if (parameters.has('request')) return fail(oauthError('request_not_supported'));
    if (parameters.has('request_uri')) return fail(oauthError('request_uri_not_supported'));
    if (parameters.has('registration')) return fail(oauthError('registration_not_supported'));
    return ok({});
  },
};
