/**
 * Proof key for code exchange, required of every client and only with S256.
 * @spec RFC 7636 §4.3
 * @spec RFC 7636 §4.4.1
 * @spec RFC 9700 §2.1.1
 */
import { fail, ok } from '@tegata/core/result';
import { oauthError } from '../../errors.ts';
import { isCodeChallenge } from '../../pkce/S256.ts';
import type { Step } from '../step.ts';

export const pkce: Step = {
  name: 'pkce',
  check({ parameters }) {
    const codeChallenge = parameters.get('code_challenge');
    const method = parameters.get('code_challenge_method');
    if (codeChallenge === undefined) {
      return fail(
        oauthError('invalid_request', 'The parameter code_challenge is missing; PKCE with S256 is required.'),
      );
    }
    if (method !== 'S256') {
      const found = method === undefined ? 'is missing, which would mean plain' : 'is not S256';
      return fail(oauthError('invalid_request', `The parameter code_challenge_method ${found}; S256 is required.`));
    }
    if (isCodeChallenge(codeChallenge)) return ok({ codeChallenge });
    return fail(oauthError('invalid_request', 'The code_challenge is not the base64url text of a SHA-256 digest.'));
  },
};
