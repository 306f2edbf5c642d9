/**
 * A registered client as the endpoints see it: its record, read once into ready values.
 * @spec RFC 7591 §2
 */
import { isJsonObject, type JsonObject, type JsonValue } from '@tegata/core/codec/json';
import type { PublicKey } from '@tegata/core/jose/jwk';
import { parseJwks } from '@tegata/core/jose/jwks';
import type { SignerAlgorithm } from '@tegata/core/jose/signer';
import type { Instant } from '@tegata/core/time/clock';
import type { ClientRecord } from '../../ports/stores/clients.ts';
import type { ApplicationType } from './redirect-uri.ts';

export interface Client {
  readonly clientId: string;
  /** What the client calls itself; shown to users with care, since anybody can choose it. */
  readonly name: string | undefined;
  readonly applicationType: ApplicationType;
  /** Registered `token_endpoint_auth_method`; `none` makes a public client. */
  readonly authMethod: string;
  /** The one algorithm its assertions may have; any supported one when `undefined`. */
  readonly assertionAlgorithm: string | undefined;
  readonly redirectUris: readonly string[];
  readonly postLogoutRedirectUris: readonly string[];
  readonly grantTypes: readonly string[];
  /** Most that the client may ever be granted. */
  readonly scopes: readonly string[];
  /** Resources it may ask for besides those open to all clients. */
  readonly allowedResources: readonly string[];
  /** Resources that it answers for as a resource server: it may introspect tokens meant for them. */
  readonly servedResources: readonly string[];
  readonly introspectsAllTokens: boolean;
  readonly accessTokenFormat: 'jwt' | 'opaque';
  readonly accessTokenAlgorithm: SignerAlgorithm;
  readonly idTokenAlgorithm: SignerAlgorithm;
  /** Belongs to the operator: users are not asked for consent. */
  readonly skipConsent: boolean;
  /** OpenID Connect `default_max_age`, in seconds. */
  readonly defaultMaxAge: number | undefined;
  /** Accepts the token endpoint's address as audience of assertions, as clients older than RFC 7523bis write it. */
  readonly legacyAssertionAudience: boolean;
  /** Keys registered by value. */
  readonly keys: readonly PublicKey[];
  readonly jwksUri: string | undefined;
  readonly secretDigest: Uint8Array | undefined;
  readonly registrationTokenDigest: Uint8Array | undefined;
  readonly createdAt: Instant;
  readonly version: number;
  /** Everything registered, under its registered names. */
  readonly metadata: JsonObject;
}

/** Reads a stored record, whose metadata `metadata-rules.ts` has checked when it was written. */
export function parseClient(record: ClientRecord): Client {
  const { metadata } = record;
  return {
    clientId: record.clientId,
    name: text(metadata.client_name),
    applicationType: metadata.application_type === 'native' ? 'native' : 'web',
    authMethod: text(metadata.token_endpoint_auth_method) ?? 'client_secret_basic',
    assertionAlgorithm: text(metadata.token_endpoint_auth_signing_alg),
    redirectUris: texts(metadata.redirect_uris),
    postLogoutRedirectUris: texts(metadata.post_logout_redirect_uris),
    grantTypes: texts(metadata.grant_types),
    scopes: (text(metadata.scope) ?? '').split(' ').filter((scope) => scope !== ''),
    allowedResources: texts(metadata.allowed_resources),
    servedResources: texts(metadata.served_resources),
    introspectsAllTokens: metadata.introspect_all_tokens === true,
    accessTokenFormat: metadata.access_token_format === 'opaque' ? 'opaque' : 'jwt',
    accessTokenAlgorithm: (text(metadata.access_token_signed_response_alg) ?? 'ES256') as SignerAlgorithm,
    idTokenAlgorithm: (text(metadata.id_token_signed_response_alg) ?? 'ES256') as SignerAlgorithm,
    skipConsent: metadata.skip_consent === true,
    defaultMaxAge: typeof metadata.default_max_age === 'number' ? metadata.default_max_age : undefined,
    legacyAssertionAudience: metadata.legacy_assertion_audience === true,
    keys: keysOf(metadata.jwks),
    jwksUri: text(metadata.jwks_uri),
    secretDigest: record.secretDigest,
    registrationTokenDigest: record.registrationTokenDigest,
    createdAt: record.createdAt,
    version: record.version,
    metadata,
  };
}

function text(value: JsonValue | undefined): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function texts(value: JsonValue | undefined): readonly string[] {
  return Array.isArray(value) ? value.filter((item): item is string => typeof item === 'string') : [];
}

function keysOf(value: JsonValue | undefined): readonly PublicKey[] {
  const keys = isJsonObject(value) ? parseJwks(value) : undefined;
  return keys?.ok === true ? keys.value : [];
}
