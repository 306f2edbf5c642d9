/**
 * Writes OAuth errors as JSON answers: the one place that does.
 * @spec RFC 6749 §5.2
 * @spec RFC 6750 §3
 * @spec RFC 7591 §3.2.2
 */
import type { HttpRequest, HttpResponse } from '@tegata/core/http/message';
import { formatChallenge } from '@tegata/core/http/www-authenticate';
import type { EdgeFault } from '../ports/endpoint.ts';
import { type OAuthError, oauthError } from './errors.ts';
import { jsonHeaders } from './render-json.ts';

const realm = 'tegata';
const basicChallenge = formatChallenge('Basic', { realm, charset: 'UTF-8' });

/** The JSON answer to `error` from an endpoint where clients authenticate (token, introspection, revocation). */
export function renderOAuthError(error: OAuthError): HttpResponse {
  const body = JSON.stringify({ error: error.code, error_description: error.description });
  if (error.status !== 401) return { status: error.status, headers: jsonHeaders, body };
  return {
    status: 401,
    headers: [...jsonHeaders, 'WWW-Authenticate', basicChallenge],
    body,
  };
}

/**
 * The answer to `error` from an endpoint that takes an access token. Without an error: the challenge for a request that
 * brought no token, which names no error code (RFC 6750 section 3.1).
 */
export function renderBearerError(error?: OAuthError, scope?: string): HttpResponse {
  if (error === undefined) {
    const challenge = formatChallenge('Bearer', { realm });
    return { status: 401, headers: ['Cache-Control', 'no-store', 'WWW-Authenticate', challenge] };
  }
  const { code, description } = error;
  const challenge = formatChallenge('Bearer', { realm, error: code, error_description: description, scope });
  return {
    status: error.status,
    headers: error.status < 500 ? [...jsonHeaders, 'WWW-Authenticate', challenge] : jsonHeaders,
    body: JSON.stringify({ error: error.code, error_description: error.description }),
  };
}

/** The protocol's error for what the edge refused, or for a defect. */
export function refuseOAuth(fault: EdgeFault, _request: HttpRequest): HttpResponse {
  switch (fault.kind) {
    case 'method_not_allowed': {
      const allowed = fault.allowed.join(', ');
      const answer = renderOAuthError(
        oauthError('invalid_request', `The method is not supported here; use ${allowed}.`),
      );
      return { ...answer, status: 405, headers: [...answer.headers, 'Allow', allowed] };
    }
    case 'unsupported_media_type':
      return renderOAuthError(oauthError('invalid_request', `The body has to be ${fault.expected}.`));
    case 'body_too_large': {
      const answer = renderOAuthError(oauthError('invalid_request', `The body is longer than ${fault.limit} bytes.`));
      return { ...answer, status: 413 };
    }
    case 'body_unreadable':
      return renderOAuthError(oauthError('invalid_request', 'The body ended before its announced length.'));
    case 'unavailable': {
      const answer = renderOAuthError(oauthError('temporarily_unavailable'));
      return { ...answer, headers: [...answer.headers, 'Retry-After', '10'] };
    }
    case 'defect':
      return renderOAuthError(oauthError('server_error'));
  }
}
