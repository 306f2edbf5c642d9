/**
 * What codes and refresh tokens remember of the moment when a user authorised a client.
 * @spec RFC 6749 §4.1.2
 * @spec OpenID Connect Core 1.0 §2
 */
import type { Instant } from '@tegata/core/time/clock';
import type { TokenValue } from '../../ports/stores/tokens.ts';

/** When and how the user signed in. */
export interface AuthenticationFacts {
  readonly authTime: Instant;
  /** RFC 8176 values. */
  readonly amr: readonly string[];
  readonly acr: string | undefined;
  readonly sid: string | undefined;
}

type Detail = TokenValue['detail'];

/** Reads the facts out of a stored value. */
export function authenticationFacts(detail: Detail): AuthenticationFacts {
  return {
    authTime: typeof detail.authTime === 'number' ? detail.authTime : 0,
    amr: Array.isArray(detail.amr) ? (detail.amr as readonly string[]) : [],
    acr: detailText(detail, 'acr'),
    sid: detailText(detail, 'sid'),
  };
}

/** The facts as they are stored with a refresh token. */
export function storedFacts({ authTime, amr, acr, sid }: AuthenticationFacts): Detail {
  return { authTime, amr, ...(acr === undefined ? {} : { acr }), ...(sid === undefined ? {} : { sid }) };
}

/** A member of the detail that is a text. */
export function detailText(detail: Detail, name: string): string | undefined {
  const value = detail[name];
  return typeof value === 'string' ? value : undefined;
}
