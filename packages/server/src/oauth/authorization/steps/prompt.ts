/**
 * What the user has to be asked, whatever is known already.
 * @spec OpenID Connect Core 1.0 §3.1.2.1
 */
import { fail, ok } from '@tegata/core/result';
import { oauthError } from '../../errors.ts';
import { type Prompt, promptValues } from '../request.ts';
import type { Step } from '../step.ts';

const known: readonly string[] = promptValues;

export const prompt: Step = {
  name: 'prompt',
  check({ parameters }) {
    const values = [...new Set((parameters.get('prompt') ?? '').split(' ').filter((value) => value !== ''))];
    if (!values.every((value) => known.includes(value))) {
      return fail(oauthError('invalid_request', `The prompt has a value other than ${known.join(', ')}.`));
    }
    if (values.includes('none') && values.length > 1) {
      return fail(oauthError('invalid_request', 'The prompt none cannot be combined with others.'));
    }
    return ok({ prompt: values as readonly Prompt[] });
  },
};
