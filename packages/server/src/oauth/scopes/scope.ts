/**
 * Scopes: read from the wire, written to it, narrowed.
 * @spec RFC 6749 §3.3
 * @spec OpenID Connect Core 1.0 §5.4
 * @spec OpenID Connect Core 1.0 §11
 */
import { fail, ok, type Result } from '@tegata/core/result';
import { type OAuthError, oauthError } from '../errors.ts';

/** Scopes that concern a signed-in user and that every installation has. */
export const userScopes: readonly string[] = ['openid', 'profile', 'email', 'offline_access'];

const scopeToken = /^[\x21\x23-\x5b\x5d-\x7e]+$/;
const longestScopeToken = 200;
const mostScopes = 100;

/** Whether `text` is one scope-token of reasonable length. */
function isScopeToken(text: string): boolean {
  return text.length <= longestScopeToken && scopeToken.test(text);
}

/** Reads a `scope` value: tokens separated by single spaces, repetitions dropped, order kept. `invalid_scope` for anything else. */
export function parseScope(text: string): Result<readonly string[], OAuthError> {
  const tokens = text.split(' ');
  if (tokens.length > mostScopes)
    return fail(oauthError('invalid_scope', `The scope has more than ${mostScopes} values.`));
  if (!tokens.every(isScopeToken)) {
    return fail(oauthError('invalid_scope', 'The scope is not a list of scope names separated by single spaces.'));
  }
  return ok(tokens.length === 1 ? tokens : [...new Set(tokens)]);
}

/** The requested scopes, all of which must be among `allowed`; all of `allowed` when none are requested. */
export function narrowScopes(
  requested: readonly string[] | undefined,
  allowed: readonly string[],
): Result<readonly string[], OAuthError> {
  if (requested === undefined) return ok(allowed);
  const foreign = requested.find((scope) => !allowed.includes(scope));
  if (foreign === undefined) return ok(requested);
  return fail(oauthError('invalid_scope', `The scope ${foreign} is not one that may be requested here.`));
}
