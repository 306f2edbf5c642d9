/**
 * The client's secret by HTTP Basic authentication.
 * @spec RFC 6749 §2.3.1
 * @spec RFC 7617 §2
 */
import { parseBasic } from '@tegata/core/http/authorization-header';
import { fail, ok } from '@tegata/core/result';
import { secretMatches } from '../clients/secret.ts';
import { oauthError } from '../errors.ts';
import type { ClientAuthMethod } from './method.ts';

export const clientSecretBasic: ClientAuthMethod = {
  method: 'client_secret_basic',
  spec: 'RFC 6749 §2.3.1',
  detect({ authorization, form }) {
    if (authorization === undefined) return undefined;
    const basic = parseBasic(authorization);
    if (!basic.ok) {
      const text = 'The Authorization field is not Basic with form-encoded client id and secret, in base64.';
      return fail(oauthError('invalid_client', text));
    }
    const named = form.get('client_id');
    if (named !== undefined && named !== basic.value.id) {
      return fail(
        oauthError('invalid_request', 'The client_id in the form is not the one of the Authorization field.'),
      );
    }
    return ok({ clientId: basic.value.id, credential: basic.value.secret });
  },
  verify: ({ credential }, { secretDigest }) =>
    secretMatches(credential, secretDigest) ? ok() : fail(oauthError('invalid_client')),
};
