/**
 * Every OAuth and OpenID Connect error that this server can answer, one row each.
 * @spec RFC 6749 §4.1.2.1
 * @spec RFC 6749 §5.2
 * @spec RFC 6750 §3.1
 * @spec RFC 7009 §2.2.1
 * @spec RFC 7591 §3.2.2
 * @spec RFC 8707 §2
 */

interface ErrorRow {
  /** HTTP status where the error is an answer of its own and not part of a redirect. */
  readonly status: number;
  /** Sentence for whoever builds or runs the client. */
  readonly text: string;
  /** Whether an authorization endpoint may send it to a redirect URI that it has checked. */
  readonly redirectable: boolean;
  readonly spec: string;
}

export const oauthErrors = {
  invalid_request: {
    status: 400,
    text: 'The request lacks a parameter, repeats one, or has one that is malformed.',
    redirectable: true,
    spec: 'RFC 6749 §5.2',
  },
  invalid_client: {
    status: 401,
    text: 'Client authentication failed: the client is unknown, or it did not authenticate by its registered method with its current credentials.',
    redirectable: false,
    spec: 'RFC 6749 §5.2',
  },
  invalid_grant: {
    status: 400,
    text: 'The code or refresh token is invalid, expired, revoked, or was issued to another client.',
    redirectable: false,
    spec: 'RFC 6749 §5.2',
  },
  unauthorized_client: {
    status: 400,
    text: 'The client is not registered for this grant or response type.',
    redirectable: true,
    spec: 'RFC 6749 §5.2',
  },
  unsupported_grant_type: {
    status: 400,
    text: 'The grant type is not supported by this server.',
    redirectable: false,
    spec: 'RFC 6749 §5.2',
  },
  unsupported_response_type: {
    status: 400,
    text: 'The response type is not supported; use code.',
    redirectable: true,
    spec: 'RFC 6749 §4.1.2.1',
  },
  invalid_scope: {
    status: 400,
    text: 'A requested scope is malformed, unknown, or more than the client may have.',
    redirectable: true,
    spec: 'RFC 6749 §5.2',
  },
  invalid_target: {
    status: 400,
    text: 'A requested resource is malformed, unknown, or not one that the client may use.',
    redirectable: true,
    spec: 'RFC 8707 §2',
  },
  access_denied: {
    status: 403,
    text: 'The user or the server denied the request.',
    redirectable: true,
    spec: 'RFC 6749 §4.1.2.1',
  },
  server_error: {
    status: 500,
    text: 'The server failed to answer; its log has the cause under the request id.',
    redirectable: true,
    spec: 'RFC 6749 §4.1.2.1',
  },
  temporarily_unavailable: {
    status: 503,
    text: 'The server cannot answer now; try again in a moment.',
    redirectable: true,
    spec: 'RFC 6749 §4.1.2.1',
  },
  login_required: {
    status: 400,
    text: 'The user has to sign in, and prompt=none forbids asking.',
    redirectable: true,
    spec: 'OpenID Connect Core 1.0 §3.1.2.6',
  },
  consent_required: {
    status: 400,
    text: 'The user has to give consent, and prompt=none forbids asking.',
    redirectable: true,
    spec: 'OpenID Connect Core 1.0 §3.1.2.6',
  },
  interaction_required: {
    status: 400,
    text: 'The user has to act, and prompt=none forbids asking.',
    redirectable: true,
    spec: 'OpenID Connect Core 1.0 §3.1.2.6',
  },
  account_selection_required: {
    status: 400,
    text: 'The user has to choose an account, and prompt=none forbids asking.',
    redirectable: true,
    spec: 'OpenID Connect Core 1.0 §3.1.2.6',
  },
  request_not_supported: {
    status: 400,
    text: 'Request objects are not supported; send the parameters themselves.',
    redirectable: true,
    spec: 'OpenID Connect Core 1.0 §3.1.2.6',
  },
  request_uri_not_supported: {
    status: 400,
    text: 'The request_uri parameter is not supported; send the parameters themselves.',
    redirectable: true,
    spec: 'OpenID Connect Core 1.0 §3.1.2.6',
  },
  registration_not_supported: {
    status: 400,
    text: 'The registration parameter is not supported; register the client beforehand.',
    redirectable: true,
    spec: 'OpenID Connect Core 1.0 §3.1.2.6',
  },
  unmet_authentication_requirements: {
    status: 400,
    text: 'The requested way of signing in is not available.',
    redirectable: true,
    spec: 'OpenID Connect Core Error Code unmet_authentication_requirements 1.0 §3',
  },
  invalid_token: {
    status: 401,
    text: 'The access token is malformed, expired or revoked.',
    redirectable: false,
    spec: 'RFC 6750 §3.1',
  },
  insufficient_scope: {
    status: 403,
    text: 'The access token does not have the scope that this needs.',
    redirectable: false,
    spec: 'RFC 6750 §3.1',
  },
  invalid_redirect_uri: {
    status: 400,
    text: 'A redirect URI is not acceptable.',
    redirectable: false,
    spec: 'RFC 7591 §3.2.2',
  },
  invalid_client_metadata: {
    status: 400,
    text: 'A member of the client metadata is not acceptable.',
    redirectable: false,
    spec: 'RFC 7591 §3.2.2',
  },
} as const satisfies Readonly<Record<string, ErrorRow>>;

/** A registered `error` value that this server uses. */
export type OAuthErrorCode = keyof typeof oauthErrors;

/** An expected failure, ready to be rendered; made by `oauthError` alone. */
export interface OAuthError {
  readonly code: OAuthErrorCode;
  readonly status: number;
  /** Safe as `error_description` and in a quoted header value. */
  readonly description: string;
}

const longestDescription = 300;

/** The error `code` with its own status and, unless a better one is given, its own sentence. */
export function oauthError(code: OAuthErrorCode, description?: string): OAuthError {
  const row: ErrorRow = oauthErrors[code];
  return { code, status: row.status, description: description === undefined ? row.text : sanitise(description) };
}

/** Keeps to the characters that RFC 6749 section 5.2 allows: printable ASCII without quote and backslash. */
function sanitise(text: string): string {
  const shortened = text.length > longestDescription ? `${text.slice(0, longestDescription - 3)}...` : text;
  return shortened.replaceAll('"', "'").replace(/[^\x20-\x7e]|\\/g, '?');
}
