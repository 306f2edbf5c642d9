/** Wrapped private keys, certificates of our issuers, and named values written once. */
import type { JsonObject } from '@tegata/core/codec/json';
import type { KeyPurpose, KeyRecord, KeyStore } from '../../ports/stores/keys.ts';
import { bytes, integer, json, optional, orNull, text } from '../row.ts';
import { LostRace, type Row, read, sql, type UnitsOf, write } from '../unit.ts';
import { bumpCounter, lockCounter, readCounter } from './counters.ts';

const columns = `key_id, purpose, algorithm, public_jwk, wrapped, created_at, active_from, retires_at, removed_at,
  certificate`;

function toKey(row: Row): KeyRecord {
  return {
    keyId: text(row, 'key_id'),
    purpose: text(row, 'purpose') as KeyPurpose,
    algorithm: text(row, 'algorithm'),
    publicJwk: json<JsonObject>(row, 'public_jwk'),
    wrapped: bytes(row, 'wrapped'),
    createdAt: integer(row, 'created_at'),
    activeFrom: integer(row, 'active_from'),
    ...optional(row, 'retires_at', 'retiresAt', integer),
    ...optional(row, 'removed_at', 'removedAt', integer),
    ...optional(row, 'certificate', 'certificate', bytes),
  };
}

export const keyUnits: UnitsOf<KeyStore> = {
  add: write(function* (key, options) {
    if (options?.onlyIfNone !== undefined) {
      yield lockCounter('keys');
      const existing = yield sql(
        `SELECT key_id FROM keys WHERE purpose = ?1 AND algorithm = ?2
           AND (retires_at IS NULL OR retires_at > ?3) AND (removed_at IS NULL OR removed_at > ?3) LIMIT 1`,
        options.onlyIfNone.purpose,
        options.onlyIfNone.algorithm,
        key.activeFrom,
      );
      if (existing.length > 0) return 'exists';
    }
    const added = yield sql(
      `INSERT INTO keys (${columns}) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)
       ON CONFLICT (key_id) DO NOTHING RETURNING key_id`,
      key.keyId,
      key.purpose,
      key.algorithm,
      JSON.stringify(key.publicJwk),
      key.wrapped,
      key.createdAt,
      key.activeFrom,
      orNull(key.retiresAt),
      orNull(key.removedAt),
      orNull(key.certificate),
    );
    if (added.length === 0) return 'exists';
    yield bumpCounter('keys');
    return 'added';
  }),

  list: read(function* (purpose) {
    const rows =
      purpose === undefined
        ? yield sql(`SELECT ${columns} FROM keys ORDER BY created_at, key_id`)
        : yield sql(`SELECT ${columns} FROM keys WHERE purpose = ?1 ORDER BY created_at, key_id`, purpose);
    return rows.map(toKey);
  }),

  update: write(function* (keyId, change) {
    const updated = yield sql(
      `UPDATE keys SET retires_at = COALESCE(?2, retires_at), removed_at = COALESCE(?3, removed_at),
         certificate = COALESCE(?4, certificate) WHERE key_id = ?1 RETURNING key_id`,
      keyId,
      orNull(change.retiresAt),
      orNull(change.removedAt),
      orNull(change.certificate),
    );
    if (updated.length === 0) return false;
    yield bumpCounter('keys');
    return true;
  }),

  remove: write(function* (keyId) {
    const removed = yield sql('DELETE FROM keys WHERE key_id = ?1 RETURNING key_id', keyId);
    if (removed.length === 0) return false;
    yield bumpCounter('keys');
    return true;
  }),

  version: read(() => readCounter('keys')),

  putSettingOnce: write(function* (name, value) {
    const [written] = yield sql(
      'INSERT INTO settings (name, value) VALUES (?1, ?2) ON CONFLICT (name) DO NOTHING RETURNING value',
      name,
      value,
    );
    if (written !== undefined) return text(written, 'value');
    const [stored] = yield sql('SELECT value FROM settings WHERE name = ?1', name);
    if (stored === undefined) throw new LostRace('the setting was written meanwhile');
    return text(stored, 'value');
  }),

  setting: read(function* (name) {
    const [row] = yield sql('SELECT value FROM settings WHERE name = ?1', name);
    return row === undefined ? undefined : text(row, 'value');
  }),
};
