/**
 * Client configuration: a registered client reads, replaces and removes its own registration.
 * @spec RFC 7592 §2
 */
import type { JsonObject } from '@tegata/core/codec/json';
import type { HttpRequest, HttpResponse } from '@tegata/core/http/message';
import { fail, ok, type Result } from '@tegata/core/result';
import type { Instant } from '@tegata/core/time/clock';
import type { Endpoint } from '../../ports/endpoint.ts';
import type { ClientRecord } from '../../ports/stores/clients.ts';
import { replaceMetadata } from '../clients/register-client.ts';
import { secretMatches } from '../clients/secret.ts';
import { type OAuthError, oauthError } from '../errors.ts';
import { longestAccessToken } from '../lifetimes.ts';
import { refuseOAuth, renderBearerError, renderOAuthError } from '../render-error.ts';
import { jsonHeaders, renderJson } from '../render-json.ts';
import type { RevocationList } from '../tokens/revocation-list.ts';
import { findBearerToken } from './bearer.ts';
import { clientInformation } from './client-information.ts';
import { metadataLimit, type RegistrationDeps, readMetadata } from './register.ts';

export interface ClientConfigurationDeps extends RegistrationDeps {
  readonly revocations: RevocationList;
}

/** Members that only the server sets; RFC 7592 section 2.2 forbids sending them back. */
const serverMembers = [
  'registration_access_token',
  'registration_client_uri',
  'client_secret_expires_at',
  'client_id_issued_at',
];
/** How often a replacement is tried again when another one came in between. */
const attempts = 3;

/** Creates the client configuration endpoint. */
export function createClientConfigurationEndpoint(deps: ClientConfigurationDeps): Endpoint {
  return {
    name: 'client_configuration',
    methods: ['GET', 'PUT', 'DELETE'],
    path: `${deps.basePath}/register/{client_id}`,
    body: { mediaType: 'application/json', limit: metadataLimit },
    cors: 'any',
    refuse: refuseOAuth,
    async handle(request, { now }): Promise<HttpResponse> {
      const token = findBearerToken(request);
      if (!token.ok) return renderBearerError(token.error);
      if (token.value === undefined) return renderBearerError();
      const record = await loadOwn(request, token.value, deps);
      if (record === undefined) {
        return renderBearerError(
          oauthError('invalid_token', 'The registration access token is not one of this client.'),
        );
      }
      if (request.method === 'DELETE') return removeClient(record, request, now, deps);
      if (request.method === 'GET') return describe(record, token.value, undefined, deps);
      const replaced = await replaceClient(record, request, now, deps);
      if (!replaced.ok) return renderOAuthError(replaced.error);
      return describe(replaced.value.record, token.value, replaced.value.secret, deps);
    },
  };
}

/** The client that the address names, if the token is its own; unknown clients and wrong tokens look alike. */
async function loadOwn(
  request: HttpRequest,
  token: string,
  { clients }: ClientConfigurationDeps,
): Promise<ClientRecord | undefined> {
  const record = await clients.load(request.params.client_id ?? '');
  return secretMatches(token, record?.registrationTokenDigest) ? record : undefined;
}

function describe(
  record: ClientRecord,
  token: string,
  secret: string | undefined,
  { registrationEndpoint }: ClientConfigurationDeps,
): HttpResponse {
  return renderJson(200, clientInformation(record, registrationEndpoint, token, secret));
}

async function removeClient(
  { clientId }: ClientRecord,
  { id }: HttpRequest,
  now: Instant,
  { clients, revocations, audit }: ClientConfigurationDeps,
): Promise<HttpResponse> {
  await clients.remove(clientId, now);
  revocations.add({ kind: 'client', value: clientId, revokedAt: now, expiresAt: now + longestAccessToken });
  audit.record({ at: now, event: 'client.removed', requestId: id, client: clientId });
  return { status: 204, headers: jsonHeaders.slice(2) };
}

interface Replaced {
  readonly record: ClientRecord;
  readonly secret: string | undefined;
}

async function replaceClient(
  current: ClientRecord,
  request: HttpRequest,
  now: Instant,
  deps: ClientConfigurationDeps,
): Promise<Result<Replaced, OAuthError>> {
  const { clients, policy, random, audit } = deps;
  const metadata = readMetadata(request.body);
  if (!metadata.ok) return metadata;
  const fault = identityFault(metadata.value, current);
  if (fault !== undefined) return fail(oauthError('invalid_request', fault));
  let base: ClientRecord | undefined = current;
  for (let attempt = 0; attempt < attempts && base !== undefined; attempt++) {
    const next = replaceMetadata(base, metadata.value, { policy, random, now });
    if (!next.ok) return next;
    const { record, secret } = next.value;
    if ((await clients.replace(record)) === 'replaced') {
      audit.record({ at: now, event: 'client.updated', requestId: request.id, client: record.clientId });
      return ok({ record, secret });
    }
    base = await clients.load(current.clientId);
  }
  return fail(oauthError('temporarily_unavailable', 'The client is being changed by another request; try again.'));
}

/** What is wrong with the members that say which client is meant. */
function identityFault(metadata: JsonObject, current: ClientRecord): string | undefined {
  if (metadata.client_id !== current.clientId) return 'The member client_id has to be the one of the address.';
  const foreign = serverMembers.find((name) => metadata[name] !== undefined);
  if (foreign !== undefined) return `The member ${foreign} is set by the server and must not be sent.`;
  const secret = metadata.client_secret;
  if (secret === undefined || (typeof secret === 'string' && secretMatches(secret, current.secretDigest)))
    return undefined;
  return 'The member client_secret is not the current one; leave it out, or send it unchanged.';
}
