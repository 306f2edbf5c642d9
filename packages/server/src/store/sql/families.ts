/** Token families: the row that all tokens of one authorization hang on, and the record of their revocation. */
import type { Instant } from '@tegata/core/time/clock';
import { day } from '@tegata/core/time/duration';
import type { Revocation } from '../../ports/stores/revocations.ts';
import type { NewToken } from '../../ports/stores/tokens.ts';
import { type Statement, sql, type UnitBody } from '../unit.ts';

/**
 * How long a revocation is remembered when its caller does not know until when JWT access tokens may live:
 * none may be valid for longer than this.
 */
const revocationMemory = 7 * day;

/** Creates the family with its first token, and keeps one that exists for as long as the token lives. */
export function addFamily(token: NewToken): Statement {
  return sql(
    `INSERT INTO families (id, client_id, subject, expires_at) VALUES (?1, ?2, ?3, ?4)
     ON CONFLICT (id) DO UPDATE SET expires_at = excluded.expires_at WHERE families.expires_at < excluded.expires_at`,
    token.family,
    token.value.clientId,
    token.value.subject,
    token.expiresAt,
  );
}

/**
 * Keeps the family's row for as long as its newest tokens live. It is extended by twice what is needed, so that a family
 * whose tokens are rotated all the time is written seldom.
 */
export function* extendFamily(
  family: string,
  expiresAt: Instant,
  tokens: readonly (NewToken | undefined)[],
  now: Instant,
): UnitBody<void> {
  const needed = Math.max(...tokens.map((token) => token?.expiresAt ?? 0));
  if (needed <= expiresAt) return;
  yield sql('UPDATE families SET expires_at = ?2 WHERE id = ?1', family, needed + Math.max(0, needed - now));
}

/** Ends the family and records it for those who check JWTs, until `expiresAt` or for as long as any JWT may live. */
export function* endFamily(family: string, now: Instant, expiresAt: Instant = now + revocationMemory): UnitBody<void> {
  yield sql('UPDATE families SET revoked_at = ?2 WHERE id = ?1 AND revoked_at IS NULL', family, now);
  yield recordRevocation({ kind: 'family', value: family, revokedAt: now, expiresAt });
}

/** Ends every family of a subject; how many. */
export function* endFamiliesOfSubject(subject: string, now: Instant, expiresAt: Instant): UnitBody<number> {
  const ended = yield sql(
    'UPDATE families SET revoked_at = ?2 WHERE subject = ?1 AND revoked_at IS NULL AND expires_at > ?2 RETURNING id',
    subject,
    now,
  );
  yield sql(
    `INSERT INTO revocations (kind, value, revoked_at, expires_at)
     SELECT 'family', id, CAST(?2 AS BIGINT), CAST(?3 AS BIGINT) FROM families WHERE subject = ?1 AND revoked_at = ?2
     ON CONFLICT (kind, value) DO NOTHING`,
    subject,
    now,
    expiresAt,
  );
  return ended.length;
}

/** Ends every family that a subject has with one client. */
export function* endFamiliesOfPair(subject: string, clientId: string, now: Instant): UnitBody<void> {
  yield sql(
    'UPDATE families SET revoked_at = ?3 WHERE subject = ?1 AND client_id = ?2 AND revoked_at IS NULL',
    subject,
    clientId,
    now,
  );
  yield sql(
    `INSERT INTO revocations (kind, value, revoked_at, expires_at)
     SELECT 'family', id, CAST(?3 AS BIGINT), CAST(?4 AS BIGINT) FROM families
     WHERE subject = ?1 AND client_id = ?2 AND revoked_at = ?3
     ON CONFLICT (kind, value) DO NOTHING`,
    subject,
    clientId,
    now,
    now + revocationMemory,
  );
}

/** Ends every family of a client, with one record that covers all its JWTs. */
export function* endFamiliesOfClient(clientId: string, now: Instant): UnitBody<void> {
  yield sql('UPDATE families SET revoked_at = ?2 WHERE client_id = ?1 AND revoked_at IS NULL', clientId, now);
  yield recordRevocation({ kind: 'client', value: clientId, revokedAt: now, expiresAt: now + revocationMemory });
}

/** A later record of the same thing wins, and never shortens how long it is remembered. */
export function recordRevocation(revocation: Revocation): Statement {
  return sql(
    `INSERT INTO revocations (kind, value, revoked_at, expires_at) VALUES (?1, ?2, ?3, ?4)
     ON CONFLICT (kind, value) DO UPDATE SET revoked_at = excluded.revoked_at,
       expires_at = CASE WHEN excluded.expires_at > revocations.expires_at
                         THEN excluded.expires_at ELSE revocations.expires_at END`,
    revocation.kind,
    revocation.value,
    revocation.revokedAt,
    revocation.expiresAt,
  );
}
