/**
 * What an authorization request needs next: a sign-in, a choice of account, consent, or nothing more.
 * @spec OpenID Connect Core 1.0 §3.1.2.3
 * @spec OpenID Connect Core 1.0 §3.1.2.4
 * @spec OpenID Connect Core 1.0 §11
 * @spec RFC 8252 §8.6
 */
import type { Instant } from '@tegata/core/time/clock';
import type { ConsentRecord } from '../../ports/stores/consents.ts';
import type { SessionRecord } from '../../ports/stores/sessions.ts';
import type { Client } from '../clients/client.ts';
import { type OAuthError, oauthError } from '../errors.ts';
import type { AuthorizationRequest } from './request.ts';

export type Decision =
  | { readonly next: 'login' }
  | { readonly next: 'select_account' }
  | { readonly next: 'consent' }
  | { readonly next: 'issue' }
  | { readonly next: 'refuse'; readonly error: OAuthError };

export interface Situation {
  readonly request: AuthorizationRequest;
  readonly client: Client;
  /** When the request arrived: a sign-in after this satisfies every demand for one. */
  readonly startedAt: Instant;
  readonly session: SessionRecord | undefined;
  /** Session that the user has chosen to go on with during this request. */
  readonly chosenSession: string | undefined;
  /** What the session's user has allowed the client before. */
  readonly remembered: ConsentRecord | undefined;
  /** Whether the user has just consented to this very request. */
  readonly consented: boolean;
  readonly now: Instant;
}

/** Decides the next step; with `prompt=none`, what would need the user is refused instead. */
export function decide(situation: Situation): Decision {
  const { request, session, startedAt } = situation;
  const silent = request.prompt.includes('none');
  const ask = (next: 'login' | 'select_account' | 'consent', code: Parameters<typeof oauthError>[0]): Decision =>
    silent ? { next: 'refuse', error: oauthError(code) } : { next };

  if (session === undefined) return ask('login', 'login_required');
  const fresh = session.authTime >= startedAt;
  if (request.hintedSubject !== undefined && request.hintedSubject !== session.subject) {
    if (!fresh) return ask('login', 'login_required');
    return { next: 'refuse', error: oauthError('login_required', 'Another user than the expected one has signed in.') };
  }
  if (!fresh && mustSignInAgain(situation, session)) return ask('login', 'login_required');
  if (!fresh && request.prompt.includes('select_account') && situation.chosenSession !== session.id) {
    return ask('select_account', 'account_selection_required');
  }
  return situation.consented || !needsConsent(situation) ? { next: 'issue' } : ask('consent', 'consent_required');
}

function mustSignInAgain({ request, now }: Situation, session: SessionRecord): boolean {
  if (request.prompt.includes('login')) return true;
  return request.maxAge !== undefined && now - session.authTime > request.maxAge * 1000;
}

function needsConsent({ request, client, remembered }: Situation): boolean {
  if (request.prompt.includes('consent') || isImpersonable(client, request.redirectUri)) return true;
  const covered =
    remembered !== undefined &&
    request.scopes.every((scope) => remembered.scopes.includes(scope)) &&
    request.resources.every((resource) => remembered.resources.includes(resource));
  if (covered) return false;
  return !client.skipConsent || request.scopes.includes('offline_access');
}

/**
 * Whether any program on the user's device could pose as the client: it proves itself by no secret, and its redirect URI belongs to
 * nobody. Such a client is never answered without the user's word.
 */
export function isImpersonable(client: Client, redirectUri: string): boolean {
  return client.authMethod === 'none' && !redirectUri.startsWith('https:');
}

/**
 * Whether tokens may outlive the user's presence: asked for by scope, or, where there is no OpenID Connect to ask with, by being
 * registered for refresh tokens.
 */
export function isLasting(client: Client, scopes: readonly string[]): boolean {
  if (!client.grantTypes.includes('refresh_token')) return false;
  return scopes.includes('offline_access') || !scopes.includes('openid');
}
