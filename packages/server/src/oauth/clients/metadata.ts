/**
 * Checks a whole set of client metadata: every row, then what has to fit together.
 * @spec RFC 7591 §2.1
 * @spec RFC 7591 §3.2.1
 */
import type { JsonObject, JsonValue } from '@tegata/core/codec/json';
import { fail, ok, type Result } from '@tegata/core/result';
import { type OAuthError, oauthError } from '../errors.ts';
import {
  type MetadataPolicy,
  type MetadataRule,
  type MetadataSource,
  metadataRules,
  type RuleContext,
} from './metadata-rules.ts';

const languageTagged = /^([a-z_]+)#[A-Za-z0-9]{1,8}(?:-[A-Za-z0-9]{1,8}){0,4}$/;
const mostTagged = 50;

/**
 * The effective metadata of a submission: known members checked, absent ones defaulted, unknown ones left out.
 * Errors: `invalid_client_metadata`, `invalid_redirect_uri`, with a sentence that names the member.
 */
export function checkMetadata(
  input: JsonObject,
  policy: MetadataPolicy,
  source: MetadataSource,
): Result<JsonObject, OAuthError> {
  const context: RuleContext = { input, policy, source };
  const effective: Record<string, JsonValue> = {};
  for (const rule of metadataRules) {
    if (rule.operatorOnly === true && source !== 'operator') continue;
    const value = input[rule.name];
    // RFC 7591 section 2: null means what absence means.
    if (value === undefined || value === null) {
      const implied = rule.absent?.(context);
      if (implied !== undefined) effective[rule.name] = implied;
      continue;
    }
    const checked = rule.check(value, context);
    if (!checked.ok) return refuse(rule, rule.name, checked.error);
    effective[rule.name] = checked.value;
  }
  const tagged = checkTagged(context, effective);
  if (!tagged.ok) return tagged;
  const fault = consistencyFault(effective);
  return fault === undefined ? ok(effective) : fail(fault);
}

function refuse(rule: MetadataRule, name: string, fault: string): Result<never, OAuthError> {
  return fail(oauthError(rule.error ?? 'invalid_client_metadata', `The member ${name} ${fault}.`));
}

/** Members with a language tag, such as `client_name#ja`. */
function checkTagged(context: RuleContext, effective: Record<string, JsonValue>): Result<void, OAuthError> {
  let count = 0;
  for (const [name, value] of Object.entries(context.input)) {
    const base = languageTagged.exec(name)?.[1];
    const rule = base === undefined ? undefined : metadataRules.find((row) => row.name === base && row.localisable);
    if (rule === undefined || value === undefined || value === null) continue;
    const checked = rule.check(value, context);
    if (!checked.ok) return refuse(rule, name, checked.error);
    if (++count > mostTagged) return refuse(rule, name, `is one of more than ${mostTagged} translations`);
    effective[name] = checked.value;
  }
  return ok();
}

/** What is wrong between members, if anything. */
function consistencyFault(metadata: Readonly<Record<string, JsonValue>>): OAuthError | undefined {
  const grants = metadata.grant_types as readonly string[];
  const responses = metadata.response_types as readonly string[];
  const uris = metadata.redirect_uris as readonly string[];
  const method = metadata.token_endpoint_auth_method;
  const hasKeys = metadata.jwks !== undefined || metadata.jwks_uri !== undefined;
  const usesCode = grants.includes('authorization_code');
  const bad = (description: string) => oauthError('invalid_client_metadata', description);

  if (usesCode !== responses.includes('code')) {
    return bad('The grant type authorization_code and the response type code go together; register both or neither.');
  }
  if (usesCode && uris.length === 0) {
    return oauthError('invalid_redirect_uri', 'The grant type authorization_code needs at least one redirect URI.');
  }
  if (grants.includes('refresh_token') && !usesCode) {
    return bad('The grant type refresh_token needs a grant that issues refresh tokens, such as authorization_code.');
  }
  if (grants.includes('client_credentials') && method === 'none') {
    return bad('The grant type client_credentials needs a client that authenticates.');
  }
  if (metadata.jwks !== undefined && metadata.jwks_uri !== undefined) {
    return bad('The members jwks and jwks_uri exclude each other.');
  }
  if (method === 'private_key_jwt' && !hasKeys) return bad('The method private_key_jwt needs jwks or jwks_uri.');
  return undefined;
}
