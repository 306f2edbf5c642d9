/**
 * Dynamic client registration, for holders of an initial access token.
 * @spec RFC 7591 §3
 */
import { type JsonObject, parseJsonObject } from '@tegata/core/codec/json';
import type { HttpRequest, HttpResponse } from '@tegata/core/http/message';
import type { Random } from '@tegata/core/random';
import { fail, ok, type Result } from '@tegata/core/result';
import type { Instant } from '@tegata/core/time/clock';
import type { AuditSink } from '../../ports/audit.ts';
import type { Endpoint } from '../../ports/endpoint.ts';
import type { OneTimeStore } from '../../ports/stores/one-time.ts';
import type { ClientRegistry } from '../clients/client-cache.ts';
import { peekInitialAccessToken, spendInitialAccessToken } from '../clients/initial-access-token.ts';
import type { MetadataPolicy } from '../clients/metadata-rules.ts';
import { registerClient } from '../clients/register-client.ts';
import { type OAuthError, oauthError } from '../errors.ts';
import { refuseOAuth, renderBearerError, renderOAuthError } from '../render-error.ts';
import { renderJson } from '../render-json.ts';
import { findBearerToken } from './bearer.ts';
import { clientInformation } from './client-information.ts';

export interface RegistrationDeps {
  readonly basePath: string;
  /** Full address of the registration endpoint. */
  readonly registrationEndpoint: string;
  readonly clients: ClientRegistry;
  readonly oneTime: OneTimeStore;
  readonly policy: MetadataPolicy;
  readonly random: Random;
  readonly audit: AuditSink;
}

/** Longest metadata that is read, in bytes. */
export const metadataLimit = 65_536;

/** Creates the registration endpoint. */
export function createRegistrationEndpoint(deps: RegistrationDeps): Endpoint {
  return {
    name: 'registration',
    methods: ['POST'],
    path: `${deps.basePath}/register`,
    body: { mediaType: 'application/json', limit: metadataLimit },
    cors: 'any',
    refuse: refuseOAuth,
    async handle(request, { now }): Promise<HttpResponse> {
      const token = findBearerToken(request);
      if (token.ok && token.value === undefined) return renderBearerError();
      const information = token.ok ? await register(request, token.value as string, now, deps) : token;
      if (information.ok) return renderJson(201, information.value);
      return information.error.code === 'invalid_token' || !token.ok
        ? renderBearerError(information.error)
        : renderOAuthError(information.error);
    },
  };
}

async function register(
  request: HttpRequest,
  token: string,
  now: Instant,
  { clients, oneTime, policy, random, audit, registrationEndpoint }: RegistrationDeps,
): Promise<Result<JsonObject, OAuthError>> {
  const handle = await peekInitialAccessToken(oneTime, token, now);
  if (handle === undefined) return fail(unusableToken());
  const metadata = readMetadata(request.body);
  if (!metadata.ok) return metadata;
  const registered = registerClient(
    { metadata: metadata.value, source: 'dynamic', selfManaged: true },
    { policy, random, now },
  );
  if (!registered.ok) return registered;
  // Spent last, so that a mistake in the metadata does not cost the token.
  if (!(await spendInitialAccessToken(oneTime, handle, now))) return fail(unusableToken());
  const { record, secret, registrationToken } = registered.value;
  await clients.add(record);
  audit.record({ at: now, event: 'client.registered', requestId: request.id, client: record.clientId });
  return ok(clientInformation(record, registrationEndpoint, registrationToken as string, secret));
}

function unusableToken(): OAuthError {
  return oauthError('invalid_token', 'The initial access token is unknown, expired, or has been used.');
}

/** Reads a submission of client metadata. Error: `invalid_client_metadata`. */
export function readMetadata(body: Uint8Array): Result<JsonObject, OAuthError> {
  const metadata = parseJsonObject(body, { maximumLength: metadataLimit, maximumDepth: 8 });
  return metadata.ok ? metadata : fail(oauthError('invalid_client_metadata', metadata.error.detail));
}
