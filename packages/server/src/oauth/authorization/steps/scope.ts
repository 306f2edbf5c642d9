/**
 * Scopes within what the client is registered for. Without any, the client gets its own ones, but no identity and no lasting access
 * that it did not ask for.
 * @spec RFC 6749 §3.3
 * @spec OpenID Connect Core 1.0 §11
 */
import { fail, ok } from '@tegata/core/result';
import { oauthError } from '../../errors.ts';
import { narrowScopes, parseScope, userScopes } from '../../scopes/scope.ts';
import type { Step } from '../step.ts';

export const scope: Step = {
  name: 'scope',
  check({ parameters, client }) {
    const text = parameters.get('scope');
    if (text === undefined) {
      const scopes = client.scopes.filter((name) => !userScopes.includes(name));
      if (scopes.length > 0) return ok({ scopes });
      return fail(oauthError('invalid_scope', 'The parameter scope is missing, and the client has no default scope.'));
    }
    const requested = parseScope(text);
    const narrowed = requested.ok ? narrowScopes(requested.value, client.scopes) : requested;
    return narrowed.ok ? ok({ scopes: narrowed.value }) : narrowed;
  },
};
