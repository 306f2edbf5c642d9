/**
 * Parameters of a request, read under the rules that OAuth adds to form encoding.
 * @spec RFC 6749 §3.1
 * @spec RFC 6749 §3.2
 * @spec RFC 8707 §2
 */
import { type FormParameters, parseForm } from '@tegata/core/http/forms';
import { fail, ok, type Result } from '@tegata/core/result';
import { type OAuthError, oauthError } from './errors.ts';

/** Longest form body that any OAuth endpoint reads, in bytes. */
export const formLimit = 16_384;

/** Reads a body or a query; parameters must not repeat, apart from `resource`. Error: `invalid_request`. */
export function parseOAuthForm(input: string | Uint8Array): Result<FormParameters, OAuthError> {
  const form = parseForm(input, { maximumLength: formLimit });
  if (!form.ok) return fail(oauthError('invalid_request', form.error.detail));
  const { repeated } = form.value;
  const twice = repeated.length === 0 ? undefined : repeated.find((name) => name !== 'resource');
  return twice === undefined
    ? ok(form.value)
    : fail(oauthError('invalid_request', `The parameter ${twice} is repeated.`));
}
