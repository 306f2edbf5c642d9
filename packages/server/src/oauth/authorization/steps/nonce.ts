/**
 * The nonce that comes back in the ID Token.
 * @spec OpenID Connect Core 1.0 §3.1.2.1
 * @spec OpenID Connect Core 1.0 §15.5.2
 */
import { fail, ok } from '@tegata/core/result';
import { oauthError } from '../../errors.ts';
import type { Step } from '../step.ts';

const longestNonce = 512;

export const nonce: Step = {
  name: 'nonce',
  check({ parameters }) {
    const value = parameters.get('nonce');
    if (value === undefined || value.length <= longestNonce) return ok({ nonce: value });
    return fail(oauthError('invalid_request', `The nonce is longer than ${longestNonce} characters.`));
  },
};
