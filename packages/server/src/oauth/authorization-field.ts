/**
 * The Authorization field of a request, which may hold credentials and therefore has to be the only one.
 * @spec RFC 9110 §11.6.2
 * @spec RFC 9110 §5.3
 */
import type { HttpRequest } from '@tegata/core/http/message';
import { fail, ok, type Result } from '@tegata/core/result';
import { type OAuthError, oauthError } from './errors.ts';

const name = 'authorization';

/** The field's value. Error: `invalid_request` for several fields, of which a proxy could have checked another one than we read. */
export function findAuthorization({ headers, rawHeaders }: HttpRequest): Result<string | undefined, OAuthError> {
  const value = headers[name];
  if (value === undefined) return ok(undefined);
  let count = 0;
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const field = rawHeaders[at];
    if (field?.length === name.length && field.toLowerCase() === name) count += 1;
  }
  return count < 2 ? ok(value) : fail(oauthError('invalid_request', 'The request has several Authorization fields.'));
}
