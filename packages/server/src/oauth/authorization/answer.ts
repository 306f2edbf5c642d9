/**
 * Answers to the client through the user's browser: parameters added to the redirect URI, always with the issuer's name.
 * @spec RFC 6749 §4.1.2
 * @spec RFC 9207 §2
 * @spec RFC 9700 §4.12
 */
import type { OAuthError } from '../errors.ts';
import type { ReturnAddress } from './request.ts';

/** The address that hands a code to the client. */
export function codeAnswer(returnTo: ReturnAddress, code: string, issuer: string): string {
  return addParameters(returnTo.redirectUri, { code, state: returnTo.state, iss: issuer });
}

/** The address that tells the client what went wrong. */
export function errorAnswer(returnTo: ReturnAddress, error: OAuthError, issuer: string): string {
  const { code, description } = error;
  return addParameters(returnTo.redirectUri, {
    error: code,
    error_description: description,
    state: returnTo.state,
    iss: issuer,
  });
}

/** Adds to the query and leaves the rest of the URI exactly as it was registered. */
export function addParameters(uri: string, parameters: Readonly<Record<string, string | undefined>>): string {
  const added = new URLSearchParams();
  for (const [name, value] of Object.entries(parameters)) if (value !== undefined) added.append(name, value);
  if (added.size === 0) return uri;
  const joint = !uri.includes('?') ? '?' : uri.endsWith('?') || uri.endsWith('&') ? '' : '&';
  return `${uri}${joint}${added}`;
}

/**
 * Sources for the `form-action` of a page whose form may end at this redirect URI. Browsers apply the rule to every hop that follows
 * the form, also those beyond the client's own callback, so for the web the scheme has to do.
 */
export function formTargets(redirectUri: string): readonly string[] {
  const scheme = redirectUri.slice(0, redirectUri.indexOf(':') + 1).toLowerCase();
  return /^[a-z][a-z0-9+.-]*:$/.test(scheme) ? [scheme] : [];
}
