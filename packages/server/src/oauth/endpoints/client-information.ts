/**
 * The client information response, shared by registration and management.
 * @spec RFC 7591 §3.2.1
 * @spec RFC 7592 §3
 */
import type { JsonObject } from '@tegata/core/codec/json';
import { toNumericDate } from '@tegata/core/time/clock';
import type { ClientRecord } from '../../ports/stores/clients.ts';

/** Where a client manages itself. */
function registrationClientUri(registrationEndpoint: string, clientId: string): string {
  return `${registrationEndpoint}/${encodeURIComponent(clientId)}`;
}

/**
 * What a client is told about itself. Its secret is in it only when it has just been made: we keep a digest.
 * @param registrationToken the token by which the client manages itself, as made now or as it has just presented it
 */
export function clientInformation(
  record: ClientRecord,
  registrationEndpoint: string,
  registrationToken: string,
  secret: string | undefined,
): JsonObject {
  return {
    client_id: record.clientId,
    client_id_issued_at: toNumericDate(record.createdAt),
    ...(secret === undefined ? {} : { client_secret: secret, client_secret_expires_at: 0 }),
    registration_access_token: registrationToken,
    registration_client_uri: registrationClientUri(registrationEndpoint, record.clientId),
    ...record.metadata,
  };
}
