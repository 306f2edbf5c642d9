/**
 * Finds the access token of a request, by one transport only.
 * @spec RFC 6750 §2
 * @spec RFC 6750 §3.1
 */
import { parseBearer } from '@tegata/core/http/authorization-header';
import type { HttpRequest } from '@tegata/core/http/message';
import { fail, ok, type Result } from '@tegata/core/result';
import { findAuthorization } from '../authorization-field.ts';
import { type OAuthError, oauthError } from '../errors.ts';

/**
 * The token of the Authorization field; `undefined` when the request has none. `formToken` is one that came in the body, where the
 * endpoint takes it from there. Errors: `invalid_request` for two tokens or one that cannot be read.
 */
export function findBearerToken(
  request: HttpRequest,
  formToken?: string | undefined,
): Result<string | undefined, OAuthError> {
  const authorization = findAuthorization(request);
  if (!authorization.ok) return authorization;
  const bearer = parseBearer(authorization.value);
  if (bearer.ok) {
    if (formToken === undefined) return ok(bearer.value);
    return fail(oauthError('invalid_request', 'The request has an access token in two places; use one.'));
  }
  return bearer.error.code === 'malformed' ? fail(oauthError('invalid_request', bearer.error.detail)) : ok(formToken);
}
