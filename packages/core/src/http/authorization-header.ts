/**
 * The Authorization header: Basic client credentials and Bearer tokens.
 * @spec RFC 6749 §2.3.1
 * @spec RFC 6750 §2.1
 * @spec RFC 7617 §2
 * @spec RFC 9110 §11.4
 */
import { decodeBase64 } from '../codec/base64.ts';
import { decodeUtf8 } from '../codec/utf8.ts';
import { fail, ok, type Result } from '../result.ts';
import { decodeFormComponent } from './forms.ts';

export interface BasicCredentials {
  readonly id: string;
  readonly secret: string;
}

export interface AuthorizationFault {
  /** `absent`: no header, `other_scheme`: another scheme's, `malformed`: this scheme's but not readable. */
  readonly code: 'absent' | 'other_scheme' | 'malformed';
  /** A sentence for whoever sent the header. */
  readonly detail: string;
}

const longestHeader = 16_384;
const token68 = /^[A-Za-z0-9._~+/-]+=*$/;

/** Client id and secret of a Basic header, form-decoded each, as OAuth clients must encode them. The secret may be empty, the id not. */
export function parseBasic(value: string | undefined): Result<BasicCredentials, AuthorizationFault> {
  const credentials = credentialsOf(value, 'basic');
  if (!credentials.ok) return credentials;
  const bytes = decodeBase64(credentials.value);
  const text = bytes === undefined ? undefined : decodeUtf8(bytes);
  if (text === undefined) return malformed('The Basic credentials are not base64 of UTF-8 text.');
  const colon = text.indexOf(':');
  if (colon < 1) return malformed('The Basic credentials have no client id followed by a colon.');
  const id = decodeFormComponent(text.slice(0, colon));
  const secret = decodeFormComponent(text.slice(colon + 1));
  if (id === undefined || secret === undefined) {
    return malformed('The Basic credentials are not form-encoded: write a literal "%" as "%25".');
  }
  return ok({ id, secret });
}

/** The token of a Bearer header. */
export function parseBearer(value: string | undefined): Result<string, AuthorizationFault> {
  const token = credentialsOf(value, 'bearer');
  if (!token.ok || token68.test(token.value)) return token;
  return malformed('The Bearer token has characters that no token has.');
}

/** What follows the scheme, whose name has no case (RFC 9110 section 11.1). */
function credentialsOf(value: string | undefined, scheme: string): Result<string, AuthorizationFault> {
  if (value === undefined || value === '') return fault('absent', 'The request has no Authorization header.');
  const space = value.indexOf(' ');
  const name = space === -1 ? value : value.slice(0, space);
  if (name.toLowerCase() !== scheme)
    return fault('other_scheme', `The Authorization header is not of the scheme ${scheme}.`);
  if (value.length > longestHeader)
    return malformed(`The Authorization header is longer than ${longestHeader} characters.`);
  const credentials = space === -1 ? '' : value.slice(space + 1).trim();
  return credentials === ''
    ? malformed(`The Authorization header names ${scheme} and holds no credentials.`)
    : ok(credentials);
}

function malformed(detail: string): Result<never, AuthorizationFault> {
  return fault('malformed', detail);
}

function fault(code: AuthorizationFault['code'], detail: string): Result<never, AuthorizationFault> {
  return fail({ code, detail });
}
