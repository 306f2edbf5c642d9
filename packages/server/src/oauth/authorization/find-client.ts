/**
 * Looks a client up by an identifier that comes from anywhere: only what can be an identifier reaches the store.
 * @spec RFC 6749 §2.2
 */
import type { Instant } from '@tegata/core/time/clock';
import type { Client } from '../clients/client.ts';
import type { ClientRegistry } from '../clients/client-cache.ts';

const identifier = /^[\x20-\x7e]{1,256}$/;

/** The registered client; `undefined` for unknown ones and for texts that no client identifier can be. */
export async function findClient(
  clients: Pick<ClientRegistry, 'find'>,
  clientId: string,
  now: Instant,
): Promise<Client | undefined> {
  return identifier.test(clientId) ? clients.find(clientId, now) : undefined;
}
