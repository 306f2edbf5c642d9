/** Things that work once and are not tokens: set-up links, initial access tokens, sealed interaction steps. */
import type { JsonObject } from '@tegata/core/codec/json';
import type { OneTimeStore } from '../../ports/stores/one-time.ts';
import { json } from '../row.ts';
import { read, sql, statement, type UnitsOf, write } from '../unit.ts';

export const oneTimeUnits: UnitsOf<OneTimeStore> = {
  put: statement(function* (kind, handle, value, now, expiresAt) {
    yield sql(
      'INSERT INTO one_time (kind, id, digest, value, created_at, expires_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6)',
      kind,
      handle.id,
      handle.digest,
      JSON.stringify(value),
      now,
      expiresAt,
    );
  }),

  peek: read(function* (kind, handle, now) {
    const [row] = yield sql(
      `SELECT value FROM one_time
       WHERE kind = ?1 AND id = ?2 AND digest = ?3 AND spent_at IS NULL AND expires_at > ?4`,
      kind,
      handle.id,
      handle.digest,
      now,
    );
    return row === undefined ? undefined : json<JsonObject>(row, 'value');
  }),

  spend: write(function* (kind, handle, now) {
    const [spent] = yield sql(
      `UPDATE one_time SET spent_at = ?4
       WHERE kind = ?1 AND id = ?2 AND digest = ?3 AND spent_at IS NULL AND expires_at > ?4 RETURNING value`,
      kind,
      handle.id,
      handle.digest,
      now,
    );
    if (spent !== undefined) return { outcome: 'first', value: json<JsonObject>(spent, 'value') };
    const [known] = yield sql(
      'SELECT id FROM one_time WHERE kind = ?1 AND id = ?2 AND digest = ?3 AND expires_at > ?4',
      kind,
      handle.id,
      handle.digest,
      now,
    );
    return { outcome: known === undefined ? 'unknown' : 'reused' };
  }),

  revokeAll: statement(function* (kind, now) {
    const ended = yield sql(
      'DELETE FROM one_time WHERE kind = ?1 AND spent_at IS NULL AND expires_at > ?2 RETURNING id',
      kind,
      now,
    );
    return ended.length;
  }),
};
