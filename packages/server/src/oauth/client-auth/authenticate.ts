/**
 * Authenticates the client of a request: exactly one method, the one that the client is registered for.
 * @spec RFC 6749 §2.3
 * @spec RFC 6749 §3.2.1
 * @spec RFC 9700 §2.5
 */
import type { FormParameters } from '@tegata/core/http/forms';
import type { HttpRequest } from '@tegata/core/http/message';
import { fail, ok, type Result } from '@tegata/core/result';
import type { Instant } from '@tegata/core/time/clock';
import type { AuditSink } from '../../ports/audit.ts';
import { findAuthorization } from '../authorization-field.ts';
import type { Client } from '../clients/client.ts';
import type { ClientRegistry } from '../clients/client-cache.ts';
import { secretMatches } from '../clients/secret.ts';
import { type OAuthError, oauthError } from '../errors.ts';
import { clientSecretBasic } from './client_secret_basic.ts';
import { clientSecretPost } from './client_secret_post.ts';
import type { ClientAuthAttempt, ClientAuthContext, ClientAuthMethod } from './method.ts';
import { none } from './none.ts';
import { privateKeyJwt } from './private_key_jwt.ts';

export interface ClientAuthenticator {
  /** Registered names of the methods, in the order in which metadata lists them. */
  readonly methods: readonly string[];
  /** The client. Errors: `invalid_client`, and `invalid_request` for several or contradicting credentials. */
  authenticate(request: HttpRequest, form: FormParameters, now: Instant): Promise<Result<Client, OAuthError>>;
}

export interface ClientAuthenticatorOptions {
  readonly methods: readonly ClientAuthMethod[];
  readonly clients: ClientRegistry;
  readonly context: ClientAuthContext;
  readonly audit: AuditSink;
}

/** What every installation has; the strongest first. */
export const builtinClientAuthMethods: readonly ClientAuthMethod[] = [
  privateKeyJwt,
  clientSecretBasic,
  clientSecretPost,
  none,
];

/** @throws when two methods have one name: a mistake in composition */
export function createClientAuthenticator(options: ClientAuthenticatorOptions): ClientAuthenticator {
  const { methods, clients, context, audit } = options;
  const names = methods.map(({ method }) => method);
  if (new Set(names).size !== names.length)
    throw new Error(`two client authentication methods have one name: ${names}`);

  const verify = async (found: Found, client: Client, now: Instant): Promise<Result<void, OAuthError>> => {
    if (client.authMethod !== found.method.method) return wrongMethod(found.attempt, client);
    const verified = found.method.verify(found.attempt, client, context, now);
    return verified instanceof Promise ? await verified : verified;
  };

  return {
    methods: names,
    async authenticate(request, form, now) {
      const found = detectMethod(methods, request, form);
      if (!found.ok) return found;
      const { attempt } = found.value;
      const known = clients.find(attempt.clientId, now);
      const client = known instanceof Promise ? await known : known;
      if (client === undefined) {
        secretMatches(attempt.credential, undefined);
        return refuse(oauthError('invalid_client'));
      }
      const verified = await verify(found.value, client, now);
      if (verified.ok) return ok(client);
      // The credentials may have been changed on another node a moment ago.
      const fresh = verified.error.code === 'invalid_client' ? await clients.recheck(client, now) : undefined;
      if (fresh === undefined || fresh.version === client.version) return refuse(verified.error);
      const again = await verify(found.value, fresh, now);
      return again.ok ? ok(fresh) : refuse(again.error);

      function refuse(error: OAuthError): Result<never, OAuthError> {
        audit.record({
          at: now,
          event: 'client.authentication_failed',
          requestId: request.id,
          address: request.peer.address,
          detail: { method: found.ok ? found.value.method.method : 'none' },
        });
        return fail(error);
      }
    },
  };
}

interface Found {
  readonly method: ClientAuthMethod;
  readonly attempt: ClientAuthAttempt;
}

function detectMethod(
  methods: readonly ClientAuthMethod[],
  request: HttpRequest,
  form: FormParameters,
): Result<Found, OAuthError> {
  const authorization = findAuthorization(request);
  if (!authorization.ok) return authorization;
  const input = { authorization: authorization.value, form };
  let found: Result<Found, OAuthError> | undefined;
  for (const method of methods) {
    const attempt = method.detect(input);
    if (attempt === undefined) continue;
    if (found !== undefined) {
      return fail(oauthError('invalid_request', 'The request authenticates the client in more than one way; use one.'));
    }
    found = attempt.ok ? ok({ method, attempt: attempt.value }) : attempt;
  }
  const missing = 'The request does not say which client sends it, or does not authenticate it.';
  return found ?? fail(oauthError('invalid_client', missing));
}

/** Only who knows the secret is told that it came the wrong way. */
function wrongMethod({ credential }: ClientAuthAttempt, client: Client): Result<never, OAuthError> {
  if (!secretMatches(credential, client.secretDigest)) return fail(oauthError('invalid_client'));
  const text = `The client is registered for ${client.authMethod}, and authenticated by another method.`;
  return fail(oauthError('invalid_client', text));
}
