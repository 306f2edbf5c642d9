/**
 * Client metadata: one row per member that is understood, saying what it may hold and what it is when absent.
 * @spec RFC 7591 §2
 * @spec OpenID Connect Dynamic Client Registration 1.0 §2
 * @spec OpenID Connect RP-Initiated Logout 1.0 §3.1
 * @spec RFC 9700 §4.1.3
 */
import { isJsonObject, type JsonObject, type JsonValue } from '@tegata/core/codec/json';
import { jwsAlgorithms } from '@tegata/core/jose/algorithms';
import { parseJwks } from '@tegata/core/jose/jwks';
import { fail, ok, type Result } from '@tegata/core/result';
import type { OAuthErrorCode } from '../errors.ts';
import { isResourceUri } from '../scopes/resource-indicator.ts';
import { parseScope, userScopes } from '../scopes/scope.ts';
import { checkRedirectUri } from './redirect-uri.ts';

/** What this installation offers to clients. */
export interface MetadataPolicy {
  readonly grantTypes: readonly string[];
  readonly authMethods: readonly string[];
  /** Algorithms that the server has token keys for, preferred one first. */
  readonly signingAlgorithms: readonly string[];
  /** Scopes registered in the configuration, besides the standard ones of users. */
  readonly scopes: readonly string[];
}

/** Who registers: the operator may set every member; others only those that grant nothing. */
export type MetadataSource = 'operator' | 'dynamic';

export interface RuleContext {
  /** The whole submission, as sent. */
  readonly input: JsonObject;
  readonly policy: MetadataPolicy;
  readonly source: MetadataSource;
}

export interface MetadataRule {
  readonly name: string;
  readonly spec: string;
  /** Ignored, as unknown members are, when anybody but the operator sends it. */
  readonly operatorOnly?: true;
  /** May occur with a language tag, as in `client_name#ja`. */
  readonly localisable?: true;
  /** Error for a bad value; `invalid_client_metadata` unless said otherwise. */
  readonly error?: OAuthErrorCode;
  /** The value to keep, or what is wrong with it: the end of a sentence that starts with the member's name. */
  check(value: JsonValue, context: RuleContext): Result<JsonValue, string>;
  /** The effective value when absent. */
  absent?(context: RuleContext): JsonValue | undefined;
}

const registration = 'RFC 7591 §2';
const openid = 'OpenID Connect Dynamic Client Registration 1.0 §2';
const own = 'Tegata';
const mostListed = 50;
/** Control and formatting characters, apart from the joiners that some scripts need. */
const unfitForDisplay = /[\p{Cc}\p{Zl}\p{Zp}]|(?![\u200c\u200d])\p{Cf}/u;

/** All rows, in the order in which registration answers list them. */
export const metadataRules: readonly MetadataRule[] = [
  { name: 'client_name', spec: registration, localisable: true, check: checkText(200) },
  { name: 'application_type', spec: openid, check: checkOneOf(() => ['web', 'native']), absent: () => 'web' },
  {
    name: 'redirect_uris',
    spec: registration,
    error: 'invalid_redirect_uri',
    check: checkRedirectUris,
    absent: () => [],
  },
  {
    name: 'post_logout_redirect_uris',
    spec: 'OpenID Connect RP-Initiated Logout 1.0 §3.1',
    check: checkRedirectUris,
  },
  {
    name: 'token_endpoint_auth_method',
    spec: registration,
    check: checkOneOf(({ policy }) => policy.authMethods),
    absent: () => 'client_secret_basic',
  },
  {
    name: 'token_endpoint_auth_signing_alg',
    spec: openid,
    check: checkOneOf(() => jwsAlgorithms.map((row) => row.name)),
  },
  {
    name: 'grant_types',
    spec: registration,
    check: checkListOf(({ policy }) => policy.grantTypes),
    absent: () => ['authorization_code'],
  },
  {
    name: 'response_types',
    spec: registration,
    check: checkListOf(() => ['code']),
    absent: ({ input }) => (usesCode(input) ? ['code'] : []),
  },
  { name: 'scope', spec: registration, check: checkScopeMember, absent: defaultScope },
  { name: 'jwks', spec: registration, check: checkJwks },
  { name: 'jwks_uri', spec: registration, check: checkHttps },
  { name: 'id_token_signed_response_alg', spec: openid, check: checkSigning, absent: preferredSigning },
  { name: 'subject_type', spec: openid, check: checkOneOf(() => ['public']) },
  { name: 'default_max_age', spec: openid, check: checkSeconds },
  { name: 'require_auth_time', spec: openid, check: checkBoolean },
  { name: 'initiate_login_uri', spec: openid, check: checkHttps },
  { name: 'contacts', spec: registration, check: checkContacts },
  { name: 'client_uri', spec: registration, localisable: true, check: checkHttps },
  { name: 'logo_uri', spec: registration, localisable: true, check: checkHttps },
  { name: 'tos_uri', spec: registration, localisable: true, check: checkHttps },
  { name: 'policy_uri', spec: registration, localisable: true, check: checkHttps },
  { name: 'software_id', spec: registration, check: checkText(200) },
  { name: 'software_version', spec: registration, check: checkText(200) },
  { name: 'access_token_format', spec: own, check: checkOneOf(() => ['jwt', 'opaque']), absent: () => 'jwt' },
  { name: 'access_token_signed_response_alg', spec: own, check: checkSigning, absent: preferredSigning },
  { name: 'allowed_resources', spec: own, operatorOnly: true, check: checkResourceList },
  { name: 'served_resources', spec: own, operatorOnly: true, check: checkResourceList },
  { name: 'introspect_all_tokens', spec: own, operatorOnly: true, check: checkBoolean },
  { name: 'skip_consent', spec: own, operatorOnly: true, check: checkBoolean },
  { name: 'legacy_assertion_audience', spec: own, operatorOnly: true, check: checkBoolean },
];

function usesCode(input: JsonObject): boolean {
  const grants = input.grant_types;
  return !Array.isArray(grants) || grants.includes('authorization_code');
}

function preferredSigning({ policy }: RuleContext): JsonValue | undefined {
  return policy.signingAlgorithms[0];
}

function defaultScope({ input }: RuleContext): JsonValue | undefined {
  if (!usesCode(input)) return undefined;
  const refreshes = Array.isArray(input.grant_types) && input.grant_types.includes('refresh_token');
  return userScopes.filter((scope) => refreshes || scope !== 'offline_access').join(' ');
}

function checkText(longest: number): MetadataRule['check'] {
  return (value) => {
    if (typeof value !== 'string' || value === '') return fail('is not a text');
    if (value.length > longest) return fail(`is longer than ${longest} characters`);
    // Control characters and direction overrides would let a name pose as another one on the consent page.
    return unfitForDisplay.test(value) ? fail('has control or formatting characters') : ok(value);
  };
}

function checkOneOf(choices: (context: RuleContext) => readonly string[]): MetadataRule['check'] {
  return (value, context) => {
    const offered = choices(context);
    return typeof value === 'string' && offered.includes(value)
      ? ok(value)
      : fail(`is not one of ${offered.join(', ')}`);
  };
}

function checkListOf(choices: (context: RuleContext) => readonly string[]): MetadataRule['check'] {
  return (value, context) => {
    const offered = choices(context);
    const list = stringList(value);
    if (!list.ok) return list;
    const odd = list.value.find((item) => !offered.includes(item));
    return odd === undefined ? ok(list.value) : fail(`has values other than ${offered.join(', ')}`);
  };
}

function checkSigning(value: JsonValue, context: RuleContext): Result<JsonValue, string> {
  return checkOneOf(({ policy }) => policy.signingAlgorithms)(value, context);
}

function checkBoolean(value: JsonValue): Result<JsonValue, string> {
  return typeof value === 'boolean' ? ok(value) : fail('is not true or false');
}

function checkSeconds(value: JsonValue): Result<JsonValue, string> {
  const fits = typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
  return fits ? ok(value) : fail('is not a number of seconds');
}

function checkHttps(value: JsonValue): Result<JsonValue, string> {
  const fits = typeof value === 'string' && isResourceUri(value) && new URL(value).protocol === 'https:';
  return fits ? ok(value) : fail('is not an https URI');
}

function checkContacts(value: JsonValue): Result<JsonValue, string> {
  const list = stringList(value);
  if (!list.ok) return list;
  return list.value.every((contact) => contact.length <= 320) ? list : fail('has an entry longer than 320 characters');
}

function checkRedirectUris(value: JsonValue, { input }: RuleContext): Result<JsonValue, string> {
  const list = stringList(value);
  if (!list.ok) return list;
  const applicationType = input.application_type === 'native' ? 'native' : 'web';
  for (const [at, uri] of list.value.entries()) {
    const checked = checkRedirectUri(uri, applicationType);
    if (!checked.ok) return fail(`has entry ${at + 1}, which ${checked.error}`);
  }
  return list;
}

function checkScopeMember(value: JsonValue, { policy, source }: RuleContext): Result<JsonValue, string> {
  const scopes = typeof value === 'string' ? parseScope(value) : undefined;
  if (scopes?.ok !== true) return fail('is not a text of scope names separated by single spaces');
  const foreign = scopes.value.find((scope) => !userScopes.includes(scope) && !policy.scopes.includes(scope));
  // The operator's word registers a scope; others choose among those that exist.
  if (foreign === undefined || source === 'operator') return ok(scopes.value.join(' '));
  return fail(`names ${foreign}, which this server does not offer`);
}

function checkResourceList(value: JsonValue): Result<JsonValue, string> {
  const list = stringList(value);
  if (!list.ok) return list;
  return list.value.every(isResourceUri) ? list : fail('has an entry that is not an absolute URI without a fragment');
}

function checkJwks(value: JsonValue): Result<JsonValue, string> {
  if (!isJsonObject(value)) return fail('is not a JWK Set');
  const keys = parseJwks(value);
  if (!keys.ok) return fail(`is not usable: ${keys.error.detail}`);
  return keys.value.length > 0
    ? ok({ keys: keys.value.map((key) => key.jwk) })
    : fail('has no key that this server supports');
}

function stringList(value: JsonValue): Result<readonly string[], string> {
  if (!Array.isArray(value)) return fail('is not an array of texts');
  const items = value as readonly JsonValue[];
  if (!items.every((item): item is string => typeof item === 'string' && item !== '')) {
    return fail('is not an array of texts');
  }
  if (items.length > mostListed) return fail(`has more than ${mostListed} entries`);
  return ok([...new Set(items as readonly string[])]);
}
