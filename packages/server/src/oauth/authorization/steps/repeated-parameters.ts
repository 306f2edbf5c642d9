/**
 * Parameters must not be sent more than once; `resource` may.
 * @spec RFC 6749 §3.1
 * @spec RFC 8707 §2
 */
import { fail, ok } from '@tegata/core/result';
import { oauthError } from '../../errors.ts';
import type { Step } from '../step.ts';

export const repeatedParameters: Step = {
  name: 'repeated-parameters',
  check({ parameters }) {
    const twice = parameters.repeated.find((name) => name !== 'resource');
    return twice === undefined ? ok({}) : fail(oauthError('invalid_request', `The parameter ${twice} is repeated.`));
  },
};
