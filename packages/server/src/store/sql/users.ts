/** People who sign in, and how often somebody has tried to be one of them. */
import { day } from '@tegata/core/time/duration';
import type { UserRecord, UserStore } from '../../ports/stores/users.ts';
import { flag, integer, optional, orNull, text } from '../row.ts';
import { type Row, read, type SqlValue, sql, statement, type UnitsOf, write } from '../unit.ts';

/** Failures are forgotten when none has followed for this long after the last block. */
const failureMemory = day;

const columns = `subject, username, username_key, name, email, email_verified, locale, administrator, password_hash,
  created_at, updated_at, disabled`;

function toParams(user: UserRecord): readonly SqlValue[] {
  return [
    user.subject,
    user.username,
    usernameKey(user.username),
    orNull(user.name),
    orNull(user.email),
    Number(user.emailVerified),
    orNull(user.locale),
    Number(user.administrator),
    orNull(user.passwordHash),
    user.createdAt,
    user.updatedAt,
    Number(user.disabled),
  ];
}

function toUser(row: Row): UserRecord {
  return {
    subject: text(row, 'subject'),
    username: text(row, 'username'),
    ...optional(row, 'name', 'name', text),
    ...optional(row, 'email', 'email', text),
    emailVerified: flag(row, 'email_verified'),
    ...optional(row, 'locale', 'locale', text),
    administrator: flag(row, 'administrator'),
    ...optional(row, 'password_hash', 'passwordHash', text),
    createdAt: integer(row, 'created_at'),
    updatedAt: integer(row, 'updated_at'),
    disabled: flag(row, 'disabled'),
  };
}

/** NFKC case folding as far as lower-casing an upper-cased text gives it: "Straße" and "STRASSE" are one name. */
function usernameKey(username: string): string {
  return username.normalize('NFKC').toUpperCase().toLowerCase().normalize('NFKC');
}

export const userUnits: UnitsOf<UserStore> = {
  add: statement(function* (user) {
    const added = yield sql(
      `INSERT INTO users (${columns}) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)
       ON CONFLICT DO NOTHING RETURNING subject`,
      ...toParams(user),
    );
    return added.length > 0 ? 'added' : 'exists';
  }),

  load: read(function* (subject) {
    const [row] = yield sql(`SELECT ${columns} FROM users WHERE subject = ?1`, subject);
    return row === undefined ? undefined : toUser(row);
  }),

  findByUsername: read(function* (username) {
    const [row] = yield sql(`SELECT ${columns} FROM users WHERE username_key = ?1`, usernameKey(username));
    return row === undefined ? undefined : toUser(row);
  }),

  replace: write(function* (user, previous) {
    const replaced = yield sql(
      `UPDATE users SET username = ?2, username_key = ?3, name = ?4, email = ?5, email_verified = ?6, locale = ?7,
         administrator = ?8, password_hash = ?9, created_at = ?10, updated_at = ?11, disabled = ?12
       WHERE subject = ?1 AND updated_at = ?13
         AND NOT EXISTS (SELECT 1 FROM users o WHERE o.username_key = ?3 AND o.subject <> ?1)
       RETURNING subject`,
      ...toParams(user),
      previous,
    );
    if (replaced.length > 0) return 'replaced';
    const known = yield sql('SELECT subject FROM users WHERE subject = ?1', user.subject);
    return known.length > 0 ? 'conflict' : 'unknown';
  }),

  any: read(function* () {
    const rows = yield sql('SELECT subject FROM users LIMIT 1');
    return rows.length > 0;
  }),

  throttle: read(function* (key, now) {
    const [row] = yield sql(
      'SELECT failures, blocked_until FROM throttles WHERE id = ?1 AND expires_at > ?2',
      key,
      now,
    );
    if (row === undefined) return { failures: 0, blockedUntil: 0 };
    return { failures: integer(row, 'failures'), blockedUntil: integer(row, 'blocked_until') };
  }),

  recordFailure: write(function* (key, now, delays) {
    const [row] = yield sql(
      `INSERT INTO throttles (id, failures, blocked_until, expires_at) VALUES (?1, 1, ?2, ?3)
       ON CONFLICT (id) DO UPDATE SET
         failures = CASE WHEN throttles.expires_at > ?2 THEN throttles.failures + 1 ELSE 1 END
       RETURNING failures`,
      key,
      now,
      now + failureMemory,
    );
    const failures = row === undefined ? 1 : integer(row, 'failures');
    const blockedUntil = now + (delays[Math.min(failures, delays.length - 1)] ?? 0);
    yield sql(
      'UPDATE throttles SET blocked_until = ?2, expires_at = ?3 WHERE id = ?1',
      key,
      blockedUntil,
      blockedUntil + failureMemory,
    );
    return { failures, blockedUntil };
  }),

  clearFailures: statement(function* (key) {
    yield sql('DELETE FROM throttles WHERE id = ?1', key);
  }),
};
