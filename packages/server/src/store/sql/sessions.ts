/** Signed-in browsers. */
import type { SessionStore } from '../../ports/stores/sessions.ts';
import { integer, json, text } from '../row.ts';
import { read, sql, statement, type UnitsOf, write } from '../unit.ts';

export const sessionUnits: UnitsOf<SessionStore> = {
  start: write(function* (session, digest, replaces) {
    if (replaces !== undefined) {
      yield sql('DELETE FROM sessions WHERE id = ?1 AND digest = ?2', replaces.id, replaces.digest);
    }
    yield sql(
      `INSERT INTO sessions (id, digest, subject, auth_time, amr, created_at, expires_at)
       VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)`,
      session.id,
      digest,
      session.subject,
      session.authTime,
      JSON.stringify(session.amr),
      session.createdAt,
      session.expiresAt,
    );
  }),

  load: read(function* (handle, now) {
    const [row] = yield sql(
      `SELECT id, subject, auth_time, amr, created_at, expires_at FROM sessions
       WHERE id = ?1 AND digest = ?2 AND expires_at > ?3`,
      handle.id,
      handle.digest,
      now,
    );
    if (row === undefined) return undefined;
    return {
      id: text(row, 'id'),
      subject: text(row, 'subject'),
      authTime: integer(row, 'auth_time'),
      amr: json<string[]>(row, 'amr'),
      createdAt: integer(row, 'created_at'),
      expiresAt: integer(row, 'expires_at'),
    };
  }),

  end: statement(function* (id) {
    yield sql('DELETE FROM sessions WHERE id = ?1', id);
  }),

  endAll: statement(function* (subject) {
    const ended = yield sql('DELETE FROM sessions WHERE subject = ?1 RETURNING id', subject);
    return ended.length;
  }),
};
