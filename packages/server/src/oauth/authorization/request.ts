/**
 * An authorization request that has passed every check, as it travels sealed from page to page.
 * @spec RFC 6749 §4.1.1
 * @spec RFC 7636 §4.3
 * @spec RFC 8707 §2.1
 * @spec OpenID Connect Core 1.0 §3.1.2.1
 */
import type { JsonObject } from '@tegata/core/codec/json';
import type { OAuthError } from '../errors.ts';

/** OpenID Connect `prompt` values that are understood. */
export const promptValues = ['none', 'login', 'consent', 'select_account'] as const;
export type Prompt = (typeof promptValues)[number];

export interface AuthorizationRequest {
  readonly clientId: string;
  /** Exactly as requested; matched against the registered ones. */
  readonly redirectUri: string;
  readonly state: string | undefined;
  readonly scopes: readonly string[];
  readonly resources: readonly string[];
  readonly codeChallenge: string;
  readonly nonce: string | undefined;
  readonly prompt: readonly Prompt[];
  /** Seconds. */
  readonly maxAge: number | undefined;
  readonly uiLocales: readonly string[];
  readonly loginHint: string | undefined;
  /** Subject of a valid `id_token_hint`. */
  readonly hintedSubject: string | undefined;
}

/** Where an answer to a request goes, known before the rest of the request has been looked at. */
export interface ReturnAddress {
  readonly redirectUri: string;
  readonly state: string | undefined;
}

/** The request as it is sealed; `undefined` members vanish. */
export function requestToJson(request: AuthorizationRequest): JsonObject {
  return { ...request };
}

/** The request out of a seal of ours: its members are what `requestToJson` wrote. */
export function requestFromJson(json: JsonObject): AuthorizationRequest {
  const { state, nonce, maxAge, loginHint, hintedSubject } = json as Partial<AuthorizationRequest>;
  return { ...(json as unknown as AuthorizationRequest), state, nonce, maxAge, loginHint, hintedSubject };
}

/** Why a request is refused, and whether and where the client may be told. */
export type RequestRefusal =
  /** Client or redirect URI are not to be trusted: the user is told, and nobody is sent anywhere. */
  | {
      readonly tell: 'user';
      readonly kind: 'unknown_client' | 'bad_redirect' | 'bad_request';
      readonly error: OAuthError;
    }
  /** The client is told through the user's browser. */
  | { readonly tell: 'client'; readonly error: OAuthError; readonly returnTo: ReturnAddress };
