/** `tegata client list`: every registered client. */
import type { JsonValue } from '@tegata/core/codec/json';
import { ok } from '@tegata/core/result';
import type { ClientRecord } from '../../ports/stores/clients.ts';
import { columns } from '../columns.ts';
import type { Command } from '../command.ts';
import { allPages, withStore } from '../open.ts';

export const command: Command = {
  run: (_, context) =>
    withStore(context, async (store) => {
      const clients: ClientRecord[] = [];
      for await (const client of allPages((page) => store.clients.list(page))) clients.push(client);
      const json = clients.map(({ clientId, createdAt, metadata }) => ({
        client_id: clientId,
        client_id_issued_at: Math.floor(createdAt / 1000),
        ...metadata,
      }));
      const head = ['CLIENT ID', 'NAME', 'AUTHENTICATION', 'GRANTS'];
      const text =
        clients.length === 0
          ? 'There are no clients. Add one with: tegata client add'
          : columns([head, ...clients.map(toRow)]);
      return ok({ text, json });
    }),
};

function toRow({ clientId, metadata }: ClientRecord): readonly string[] {
  return [
    clientId,
    show(metadata.client_name),
    show(metadata.token_endpoint_auth_method),
    Array.isArray(metadata.grant_types) ? metadata.grant_types.join(', ') : '-',
  ];
}

function show(value: JsonValue | undefined): string {
  return typeof value === 'string' ? value : '-';
}
