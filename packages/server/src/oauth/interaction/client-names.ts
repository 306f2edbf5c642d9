/**
 * What pages say about a client, in the reader's language where the client has registered one.
 * @spec RFC 7591 §2.2
 */
import type { Client } from '../clients/client.ts';

/** The client's name; its identifier when it has none. */
export function clientName(client: Client, language: string): string {
  return localised(client, 'client_name', language) ?? client.clientId;
}

/** A member of the metadata that may carry a language tag, such as `policy_uri#ja`. */
export function localised(client: Client, member: string, language: string): string | undefined {
  const { metadata } = client;
  const tagged = Object.keys(metadata).find((name) => {
    const [base, tag] = name.split('#', 2);
    return base === member && tag?.toLowerCase().split('-', 1)[0] === language;
  });
  const value = (tagged === undefined ? undefined : metadata[tagged]) ?? metadata[member];
  return typeof value === 'string' && value.trim() !== '' ? value : undefined;
}

/** Name for a person. */
export function personName(user: { readonly username: string; readonly name?: string }): string {
  return user.name ?? user.username;
}
