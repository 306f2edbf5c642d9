/** Registered OAuth clients. */
import type { JsonObject } from '@tegata/core/codec/json';
import type { ClientRecord, ClientStore } from '../../ports/stores/clients.ts';
import { bytes, integer, json, optional, orNull, text } from '../row.ts';
import { type Row, read, sql, type UnitsOf, write } from '../unit.ts';
import { bumpCounter, readCounter } from './counters.ts';
import { endFamiliesOfClient } from './families.ts';
import { decodeCursor, rowsToRead, toPage } from './pages.ts';

const columns = 'client_id, metadata, secret_digest, registration_token_digest, created_at, version';

function toClient(row: Row): ClientRecord {
  return {
    clientId: text(row, 'client_id'),
    metadata: json<JsonObject>(row, 'metadata'),
    ...optional(row, 'secret_digest', 'secretDigest', bytes),
    ...optional(row, 'registration_token_digest', 'registrationTokenDigest', bytes),
    createdAt: integer(row, 'created_at'),
    version: integer(row, 'version'),
  };
}

export const clientUnits: UnitsOf<ClientStore> = {
  add: write(function* (client) {
    const added = yield sql(
      `INSERT INTO clients (${columns}) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
       ON CONFLICT (client_id) DO NOTHING RETURNING client_id`,
      client.clientId,
      JSON.stringify(client.metadata),
      orNull(client.secretDigest),
      orNull(client.registrationTokenDigest),
      client.createdAt,
      client.version,
    );
    if (added.length === 0) return 'exists';
    yield bumpCounter('clients');
    return 'added';
  }),

  load: read(function* (clientId) {
    const [row] = yield sql(`SELECT ${columns} FROM clients WHERE client_id = ?1`, clientId);
    return row === undefined ? undefined : toClient(row);
  }),

  replace: write(function* (client) {
    const replaced = yield sql(
      `UPDATE clients SET metadata = ?2, secret_digest = ?3, registration_token_digest = ?4, version = ?5
       WHERE client_id = ?1 AND version = ?6 RETURNING client_id`,
      client.clientId,
      JSON.stringify(client.metadata),
      orNull(client.secretDigest),
      orNull(client.registrationTokenDigest),
      client.version,
      client.version - 1,
    );
    if (replaced.length > 0) {
      yield bumpCounter('clients');
      return 'replaced';
    }
    const known = yield sql('SELECT client_id FROM clients WHERE client_id = ?1', client.clientId);
    return known.length > 0 ? 'conflict' : 'unknown';
  }),

  remove: write(function* (clientId, now) {
    const removed = yield sql('DELETE FROM clients WHERE client_id = ?1 RETURNING client_id', clientId);
    if (removed.length === 0) return false;
    yield bumpCounter('clients');
    yield sql('DELETE FROM consents WHERE client_id = ?1', clientId);
    yield* endFamiliesOfClient(clientId, now);
    return true;
  }),

  list: read(function* (page) {
    const [createdAt, clientId] = decodeCursor(page, [-1, ''] as const);
    const rows = yield sql(
      `SELECT ${columns} FROM clients WHERE (created_at, client_id) > (?1, ?2)
       ORDER BY created_at, client_id LIMIT ?3`,
      createdAt,
      clientId,
      rowsToRead(page),
    );
    return toPage(rows, page, toClient, (row) => [integer(row, 'created_at'), text(row, 'client_id')]);
  }),

  version: read(() => readCounter('clients')),
};
