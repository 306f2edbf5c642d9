/**
 * The client's secret in the form.
 * @spec RFC 6749 §2.3.1
 */
import { fail, ok } from '@tegata/core/result';
import { secretMatches } from '../clients/secret.ts';
import { oauthError } from '../errors.ts';
import type { ClientAuthMethod } from './method.ts';

export const clientSecretPost: ClientAuthMethod = {
  method: 'client_secret_post',
  spec: 'RFC 6749 §2.3.1',
  detect({ form }) {
    const credential = form.get('client_secret');
    if (credential === undefined) return undefined;
    const clientId = form.get('client_id');
    if (clientId !== undefined) return ok({ clientId, credential });
    return fail(oauthError('invalid_request', 'The parameter client_secret needs client_id beside it.'));
  },
  verify: ({ credential }, { secretDigest }) =>
    secretMatches(credential, secretDigest) ? ok() : fail(oauthError('invalid_client')),
};
