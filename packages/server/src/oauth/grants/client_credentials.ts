/**
 * The client acts for itself: its own credentials are the grant.
 * @spec RFC 6749 §4.4
 */
import { ok } from '@tegata/core/result';
import { narrowScopes, userScopes } from '../scopes/scope.ts';
import type { Grant } from './grant.ts';

export const clientCredentials: Grant = {
  grantType: 'client_credentials',
  spec: 'RFC 6749 §4.4',
  confidentialOnly: true,
  authorize({ client, scopes, resources }) {
    // There is no user, so nothing that speaks of one.
    const allowed = client.scopes.filter((scope) => !userScopes.includes(scope));
    const granted = narrowScopes(scopes, allowed);
    return granted.ok ? ok({ subject: client.clientId, scopes: granted.value, resources }) : granted;
  },
};
