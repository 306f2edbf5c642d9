/**
 * What the server tells about itself, derived from what is mounted: nothing is announced that is not there.
 * @spec RFC 8414 §2
 * @spec OpenID Connect Discovery 1.0 §3
 * @spec RFC 9207 §3
 * @spec RFC 7636 §6.2
 */
import type { JsonObject, JsonValue } from '@tegata/core/codec/json';
import type { SignerAlgorithm } from '@tegata/core/jose/signer';
import type { Endpoint } from '../ports/endpoint.ts';
import { assertionAlgorithms } from './client-auth/assertion.ts';
import { userScopes } from './scopes/scope.ts';
import { userClaimNames } from './tokens/user-claims.ts';

export interface MetadataInput {
  readonly issuer: string;
  readonly mounted: readonly Endpoint[];
  readonly grantTypes: readonly string[];
  readonly authMethods: readonly string[];
  /** Scopes registered in the configuration. */
  readonly scopes: readonly string[];
  readonly signingAlgorithms: readonly SignerAlgorithm[];
  /** Members that belong to endpoints of other rooms: prompts, locales, response modes, … */
  readonly further: JsonObject;
}

/** Endpoint by endpoint, the member that announces it. */
const endpointMembers: Readonly<Record<string, string>> = {
  authorization: 'authorization_endpoint',
  token: 'token_endpoint',
  introspection: 'introspection_endpoint',
  revocation: 'revocation_endpoint',
  userinfo: 'userinfo_endpoint',
  jwks: 'jwks_uri',
  end_session: 'end_session_endpoint',
  registration: 'registration_endpoint',
};

/** Full address of an endpoint, on the origin of the issuer. */
export function endpointUrl(issuer: string, path: string): string {
  return new URL(issuer).origin + path;
}

/** The metadata document; members without a value, and empty lists, are left out. */
export function serverMetadata(input: MetadataInput): JsonObject {
  const { issuer, mounted, further } = input;
  const names = new Set(mounted.map(({ name }) => name));
  const members: Record<string, JsonValue | undefined> = { issuer };
  for (const { name, path } of mounted) {
    const member = Object.hasOwn(endpointMembers, name) ? endpointMembers[name] : undefined;
    if (member !== undefined) members[member] = endpointUrl(issuer, path);
  }
  Object.assign(members, capabilities(input, names), further);
  return Object.fromEntries(
    Object.entries(members).filter(([, value]) => value !== undefined && !(Array.isArray(value) && value.length === 0)),
  );
}

function capabilities(input: MetadataInput, names: ReadonlySet<string>): JsonObject {
  const { authMethods, signingAlgorithms } = input;
  const authenticated = authMethods.filter((method) => method !== 'none');
  const algorithms = authMethods.includes('private_key_jwt') ? assertionAlgorithms : undefined;
  const authorizes = names.has('authorization');
  const introspects = names.has('introspection');
  const revokes = names.has('revocation');
  return {
    scopes_supported: [...userScopes, ...input.scopes],
    grant_types_supported: input.grantTypes,
    token_endpoint_auth_methods_supported: authMethods,
    token_endpoint_auth_signing_alg_values_supported: algorithms,
    introspection_endpoint_auth_methods_supported: introspects ? authenticated : undefined,
    introspection_endpoint_auth_signing_alg_values_supported: introspects ? algorithms : undefined,
    revocation_endpoint_auth_methods_supported: revokes ? authMethods : undefined,
    revocation_endpoint_auth_signing_alg_values_supported: revokes ? algorithms : undefined,
    subject_types_supported: ['public'],
    id_token_signing_alg_values_supported: signingAlgorithms,
    response_types_supported: authorizes ? ['code'] : undefined,
    response_modes_supported: authorizes ? ['query'] : undefined,
    code_challenge_methods_supported: authorizes ? ['S256'] : undefined,
    authorization_response_iss_parameter_supported: authorizes ? true : undefined,
    claims_supported: names.has('userinfo') ? userClaimNames : undefined,
    claims_parameter_supported: authorizes ? false : undefined,
    request_parameter_supported: authorizes ? false : undefined,
    request_uri_parameter_supported: authorizes ? false : undefined,
  };
}
