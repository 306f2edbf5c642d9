/**
 * Every check of an authorization request, in order. The first two decide whether anybody may be redirected at all.
 * @spec RFC 6749 §4.1.1
 * @spec RFC 6749 §4.1.2.1
 * @spec RFC 9700 §4.11.2
 */
import type { FormParameters } from '@tegata/core/http/forms';
import { fail, ok, type Result } from '@tegata/core/result';
import type { Instant } from '@tegata/core/time/clock';
import type { Client } from '../clients/client.ts';
import type { ClientRegistry } from '../clients/client-cache.ts';
import { matchRedirectUri } from '../clients/redirect-uri.ts';
import { oauthError } from '../errors.ts';
import { type AuthorizationRequest, type RequestRefusal, type ReturnAddress, requestToJson } from './request.ts';
import type { RequestRules, Step } from './step.ts';
import { displayHints } from './steps/display-hints.ts';
import { idTokenHint } from './steps/id-token-hint.ts';
import { maxAge } from './steps/max-age.ts';
import { nonce } from './steps/nonce.ts';
import { pkce } from './steps/pkce.ts';
import { prompt } from './steps/prompt.ts';
import { repeatedParameters } from './steps/repeated-parameters.ts';
import { requestObject } from './steps/request-object.ts';
import { resource } from './steps/resource.ts';
import { responseMode } from './steps/response-mode.ts';
import { responseType } from './steps/response-type.ts';
import { scope } from './steps/scope.ts';

/** What is checked once the client and its redirect URI are known. Failures of these are told to the client. */
const steps: readonly Step[] = [
  repeatedParameters,
  requestObject,
  responseType,
  responseMode,
  pkce,
  scope,
  resource,
  prompt,
  maxAge,
  nonce,
  displayHints,
  idTokenHint,
];

/** A checked request and the client that made it. */
export interface CheckedRequest {
  readonly request: AuthorizationRequest;
  readonly client: Client;
}

/** A refusal, and the client if it got that far. */
export interface RefusedRequest {
  readonly refusal: RequestRefusal;
  readonly client: Client | undefined;
  /** Whether the client asked that the user see no page. */
  readonly silent: boolean;
}

/** Longest request that still fits, sealed, into the address of a page. */
const longestRequest = 4500;
const longestState = 2048;
const stateCharacters = /^[\x20-\x7e]*$/;

/** Checks a whole request. */
export async function checkRequest(
  parameters: FormParameters,
  clients: Pick<ClientRegistry, 'find'>,
  rules: RequestRules,
  now: Instant,
): Promise<Result<CheckedRequest, RefusedRequest>> {
  const client = await checkClient(parameters, clients, now);
  if (!client.ok) return fail({ refusal: client.error, client: undefined, silent: false });
  const redirectUri = checkRedirect(parameters, client.value);
  if (!redirectUri.ok) return fail({ refusal: redirectUri.error, client: client.value, silent: false });
  const state = readState(parameters);
  const returnTo: ReturnAddress = { redirectUri: redirectUri.value, state };
  const silent = parameters.get('prompt') === 'none';
  const refuse = (error: RequestRefusal['error']) =>
    fail({ refusal: { tell: 'client', error, returnTo } as const, client: client.value, silent });

  let request: Partial<AuthorizationRequest> = { clientId: client.value.clientId, ...returnTo };
  for (const step of steps) {
    const outcome = step.check({ parameters, client: client.value, rules, now });
    if (!outcome.ok) return refuse(outcome.error);
    request = { ...request, ...outcome.value };
  }
  const complete = request as AuthorizationRequest;
  if (parameters.has('state') && state === undefined) {
    return refuse(
      oauthError('invalid_request', `The state is longer than ${longestState} characters or not ASCII text.`),
    );
  }
  if (JSON.stringify(requestToJson(complete)).length > longestRequest) {
    return refuse(oauthError('invalid_request', 'The request is too long; send a shorter state, scope or hint.'));
  }
  return ok({ request: complete, client: client.value });
}

/** The state that an answer may carry back: none where it is repeated, overlong or no text that RFC 6749 appendix A.5 allows. */
function readState(parameters: FormParameters): string | undefined {
  const state = parameters.get('state');
  if (state === undefined || parameters.repeated.includes('state')) return undefined;
  return state.length <= longestState && stateCharacters.test(state) ? state : undefined;
}

async function checkClient(
  parameters: FormParameters,
  clients: Pick<ClientRegistry, 'find'>,
  now: Instant,
): Promise<Result<Client, RequestRefusal>> {
  const clientId = parameters.get('client_id');
  if (clientId === undefined || parameters.repeated.includes('client_id')) {
    const text =
      clientId === undefined ? 'The parameter client_id is missing.' : 'The parameter client_id is repeated.';
    return fail({ tell: 'user', kind: 'bad_request', error: oauthError('invalid_request', text) });
  }
  const client = await clients.find(clientId, now);
  if (client !== undefined) return ok(client);
  const error = oauthError('invalid_request', 'The client_id is not registered.');
  return fail({ tell: 'user', kind: 'unknown_client', error });
}

function checkRedirect(parameters: FormParameters, client: Client): Result<string, RequestRefusal> {
  const refuse = (text: string): Result<never, RequestRefusal> =>
    fail({ tell: 'user', kind: 'bad_redirect', error: oauthError('invalid_request', text) });
  if (parameters.repeated.includes('redirect_uri')) return refuse('The parameter redirect_uri is repeated.');
  const requested = parameters.get('redirect_uri');
  if (requested === undefined) {
    // OAuth 2.1 lets it be left out where only one is registered; OpenID Connect does not.
    const only = client.redirectUris.length === 1 ? client.redirectUris[0] : undefined;
    const openid = parameters.get('scope')?.split(' ').includes('openid') === true;
    return only === undefined || openid ? refuse('The parameter redirect_uri is missing.') : ok(only);
  }
  const registered = matchRedirectUri(client.redirectUris, requested, client.applicationType);
  return registered === undefined ? refuse('The redirect_uri is not registered for this client.') : ok(requested);
}
