/**
 * The client signs a short statement with its own key; no secret is shared.
 * @spec RFC 7523 §2.2
 * @spec OpenID Connect Core 1.0 §9
 */
import { parseJwt } from '@tegata/core/jose/jwt';
import { fail, ok } from '@tegata/core/result';
import { oauthError } from '../errors.ts';
import { verifyAssertion } from './assertion.ts';
import type { ClientAuthMethod } from './method.ts';

const assertionType = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';
const longestAssertion = 8192;

export const privateKeyJwt: ClientAuthMethod = {
  method: 'private_key_jwt',
  spec: 'RFC 7523 §2.2',
  detect({ form }) {
    const type = form.get('client_assertion_type');
    const text = form.get('client_assertion');
    if (type === undefined && text === undefined) return undefined;
    if (type !== assertionType || text === undefined) {
      const wanted = `The parameters client_assertion and client_assertion_type go together, the latter as ${assertionType}.`;
      return fail(oauthError('invalid_request', wanted));
    }
    const assertion = parseJwt(text, { maximumLength: longestAssertion });
    if (!assertion.ok) return fail(oauthError('invalid_client', assertion.error.detail));
    const { iss, sub } = assertion.value.claims;
    if (sub === undefined || iss !== sub) {
      return fail(oauthError('invalid_client', 'The iss and sub of the assertion both have to be the client id.'));
    }
    const named = form.get('client_id');
    if (named !== undefined && named !== sub) {
      return fail(oauthError('invalid_request', 'The client_id in the form is not the sub of the assertion.'));
    }
    return ok({ clientId: sub, credential: text, assertion: assertion.value });
  },
  verify: ({ assertion }, client, context, now) =>
    assertion === undefined ? fail(oauthError('invalid_client')) : verifyAssertion(assertion, client, context, now),
};
