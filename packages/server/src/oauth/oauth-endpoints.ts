/**
 * Puts the OAuth endpoints together, apart from those that people see.
 * @spec RFC 6749 §3
 */
import type { JsonObject } from '@tegata/core/codec/json';
import type { Random } from '@tegata/core/random';
import type { AuditSink } from '../ports/audit.ts';
import type { Endpoint } from '../ports/endpoint.ts';
import type { KeyRing } from '../ports/key-ring.ts';
import type { Metrics } from '../ports/metrics.ts';
import type { RemoteJwks } from '../ports/remote-jwks.ts';
import type { Store } from '../ports/store.ts';
import { builtinClientAuthMethods, createClientAuthenticator } from './client-auth/authenticate.ts';
import type { ClientRegistry } from './clients/client-cache.ts';
import { createClientConfigurationEndpoint } from './endpoints/client_configuration.ts';
import { createIntrospectionEndpoint } from './endpoints/introspection.ts';
import { createJwksEndpoint } from './endpoints/jwks.ts';
import { createOAuthAuthorizationServerEndpoints } from './endpoints/oauth_authorization_server.ts';
import { createOpenidConfigurationEndpoints } from './endpoints/openid_configuration.ts';
import { createRegistrationEndpoint } from './endpoints/register.ts';
import { createRevocationEndpoint } from './endpoints/revocation.ts';
import { createTokenEndpoint } from './endpoints/token.ts';
import { createUserinfoEndpoint } from './endpoints/userinfo.ts';
import { builtinGrants, createGrantRegistry } from './grants/registry.ts';
import { longestAccessToken, type OAuthLifetimes } from './lifetimes.ts';
import { endpointUrl, serverMetadata } from './metadata.ts';
import { createMetadataPolicy } from './metadata-policy.ts';
import { createAccessTokenVerifier } from './tokens/access-token-verifier.ts';
import type { RevocationList } from './tokens/revocation-list.ts';

export interface OAuthEndpointsDeps {
  /** The issuer identifier, exactly as tokens carry it. */
  readonly issuer: string;
  /** Path of the issuer, without a slash at its end; empty for none. */
  readonly basePath: string;
  readonly clients: ClientRegistry;
  readonly store: Pick<Store, 'tokens' | 'users' | 'replay' | 'revocations' | 'oneTime'>;
  /** Polled by whoever composes. */
  readonly revocations: RevocationList;
  readonly keyRing: KeyRing;
  readonly random: Random;
  readonly remoteJwks: RemoteJwks;
  readonly lifetimes: OAuthLifetimes;
  /** Scopes beyond those of users. */
  readonly scopes: readonly string[];
  /** Resources that every client may ask for. */
  readonly resources: readonly string[];
  readonly registration: 'off' | 'initial_access_token';
  /** Endpoints of other rooms that the metadata announces: authorization, end_session. */
  readonly siblings: readonly Endpoint[];
  /** Metadata members that those endpoints call for. */
  readonly siblingMetadata: JsonObject;
  readonly audit: AuditSink;
  readonly metrics: Metrics;
}

/**
 * Creates the endpoints of this room, metadata included.
 * @throws when access tokens would live longer than revocations are remembered: a mistake in composition
 */
export function createOAuthEndpoints(deps: OAuthEndpointsDeps): readonly Endpoint[] {
  const { basePath, issuer, keyRing, lifetimes, scopes, siblings } = deps;
  if (lifetimes.accessToken > longestAccessToken) throw new Error('access tokens live at most an hour');
  const protocol = createProtocolEndpoints(deps);
  const registration = deps.registration === 'off' ? [] : createManagementEndpoints(deps);
  const mounted = [...protocol, ...registration, ...siblings];
  const readMetadata = () =>
    serverMetadata({
      issuer,
      mounted,
      grantTypes: builtinGrants.map(({ grantType }) => grantType),
      authMethods: builtinClientAuthMethods.map(({ method }) => method),
      scopes,
      signingAlgorithms: keyRing.algorithms(),
      further: deps.siblingMetadata,
    });
  return [
    ...protocol,
    ...registration,
    ...createOAuthAuthorizationServerEndpoints(basePath, readMetadata),
    ...createOpenidConfigurationEndpoints(basePath, readMetadata),
  ];
}

function createProtocolEndpoints(deps: OAuthEndpointsDeps): readonly Endpoint[] {
  const { audit, basePath, clients, issuer, keyRing, lifetimes, metrics, random, revocations, store } = deps;
  const { tokens, users } = store;
  const authenticator = createClientAuthenticator({
    methods: builtinClientAuthMethods,
    clients,
    context: {
      issuer,
      tokenEndpoint: endpointUrl(issuer, `${basePath}/token`),
      replay: store.replay,
      remoteJwks: deps.remoteJwks,
      clockSkew: lifetimes.clockSkew,
    },
    audit,
  });
  const verifier = createAccessTokenVerifier({ issuer, keyRing, tokens, revocations });
  return [
    createTokenEndpoint({
      basePath,
      authenticator,
      grants: createGrantRegistry(builtinGrants),
      grantContext: { tokens, users, revocations, keyRing, random, lifetimes, audit },
      mint: { issuer, keyRing, random },
      sharedResources: deps.resources,
      metrics,
    }),
    createIntrospectionEndpoint({ basePath, issuer, authenticator, verifier, tokens, metrics }),
    createRevocationEndpoint({
      basePath,
      authenticator,
      verifier,
      tokens,
      revocationStore: store.revocations,
      revocations,
      audit,
      metrics,
    }),
    createUserinfoEndpoint({ basePath, issuer, verifier, users, metrics }),
    createJwksEndpoint({ basePath, keyRing }),
  ];
}

function createManagementEndpoints(deps: OAuthEndpointsDeps): readonly Endpoint[] {
  const { audit, basePath, clients, issuer, keyRing, random, revocations, scopes, store } = deps;
  const management = {
    basePath,
    registrationEndpoint: endpointUrl(issuer, `${basePath}/register`),
    clients,
    oneTime: store.oneTime,
    policy: createMetadataPolicy(keyRing.algorithms(), scopes),
    random,
    audit,
    revocations,
  };
  return [createRegistrationEndpoint(management), createClientConfigurationEndpoint(management)];
}
