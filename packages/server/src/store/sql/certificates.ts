/** Certificates from intent to revocation, blocked keys and CRLs. */
import type { Instant } from '@tegata/core/time/clock';
import type {
  CertificateIntent,
  CertificateRecord,
  CertificateStore,
  RevocationReason,
} from '../../ports/stores/certificates.ts';
import type { AcmeIdentifier } from '../../ports/stores/orders.ts';
import { bytes, integer, json, optional, orNull, text } from '../row.ts';
import { LostRace, type Row, read, sql, statement, type UnitBody, type UnitsOf, write } from '../unit.ts';
import { removeJob } from './jobs.ts';

const columns = `id, serial, issuer, profile, account_id, order_id, identifiers, not_before, not_after, key_digest,
  intended_at, tbs, der, issued_at, revoked_at, reason`;

function toCommon(row: Row): Omit<CertificateIntent, 'tbs' | 'at'> {
  return {
    id: text(row, 'id'),
    serial: text(row, 'serial'),
    issuer: text(row, 'issuer'),
    profile: text(row, 'profile'),
    ...optional(row, 'account_id', 'accountId', text),
    ...optional(row, 'order_id', 'orderId', text),
    identifiers: json<AcmeIdentifier[]>(row, 'identifiers'),
    notBefore: integer(row, 'not_before'),
    notAfter: integer(row, 'not_after'),
    keyDigest: bytes(row, 'key_digest'),
  };
}

function toCertificate(row: Row): CertificateRecord {
  return {
    ...toCommon(row),
    der: bytes(row, 'der'),
    issuedAt: integer(row, 'issued_at'),
    ...optional(row, 'revoked_at', 'revokedAt', integer),
    ...optional(row, 'reason', 'reason', reasonCode),
  };
}

function reasonCode(row: Row, column: string): RevocationReason {
  return integer(row, column) as RevocationReason;
}

function* recordIntent(intent: CertificateIntent): UnitBody<'recorded' | 'duplicate'> {
  const recorded = yield sql(
    `INSERT INTO certificates (id, serial, issuer, profile, account_id, order_id, identifiers, not_before, not_after,
       key_digest, intended_at, tbs) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)
     ON CONFLICT DO NOTHING RETURNING id`,
    intent.id,
    intent.serial,
    intent.issuer,
    intent.profile,
    orNull(intent.accountId),
    orNull(intent.orderId),
    JSON.stringify(intent.identifiers),
    intent.notBefore,
    intent.notAfter,
    intent.keyDigest,
    intent.at,
    intent.tbs,
  );
  if (recorded.length === 0) return 'duplicate';
  if (intent.orderId !== undefined) {
    yield sql('DELETE FROM certificates WHERE order_id = ?1 AND id <> ?2 AND der IS NULL', intent.orderId, intent.id);
  }
  return 'recorded';
}

function* complete(
  id: string,
  der: Uint8Array,
  at: Instant,
  job?: { readonly orderId: string; readonly jobId: string },
): UnitBody<'completed' | 'unchanged'> {
  if (job !== undefined) {
    const moved = yield sql(
      `UPDATE orders SET status = 'valid', certificate = ?2, csr = NULL
       WHERE id = ?1 AND status = 'processing'
         AND EXISTS (SELECT 1 FROM certificates c WHERE c.id = ?2 AND c.der IS NULL) RETURNING id`,
      job.orderId,
      id,
    );
    if (moved.length === 0) {
      yield removeJob(job.jobId);
      return 'unchanged';
    }
    yield removeJob(job.jobId);
  }
  const completed = yield sql(
    'UPDATE certificates SET der = ?2, issued_at = ?3, tbs = NULL WHERE id = ?1 AND der IS NULL RETURNING id',
    id,
    der,
    at,
  );
  if (completed.length > 0) return 'completed';
  if (job !== undefined) throw new LostRace('the intent was replaced meanwhile');
  return 'unchanged';
}

export const certificateUnits: UnitsOf<CertificateStore> = {
  recordIntent: write(recordIntent),

  findIntent: read(function* (orderId) {
    const [row] = yield sql(
      `SELECT ${columns} FROM certificates WHERE order_id = ?1 AND der IS NULL ORDER BY intended_at DESC, id DESC LIMIT 1`,
      orderId,
    );
    return row === undefined
      ? undefined
      : { ...toCommon(row), tbs: bytes(row, 'tbs'), at: integer(row, 'intended_at') };
  }),

  complete: write(complete),

  load: read(function* (id) {
    const [row] = yield sql(`SELECT ${columns} FROM certificates WHERE id = ?1 AND der IS NOT NULL`, id);
    return row === undefined ? undefined : toCertificate(row);
  }),

  findBySerial: read(function* (serial) {
    const [row] = yield sql(`SELECT ${columns} FROM certificates WHERE serial = ?1 AND der IS NOT NULL`, serial);
    return row === undefined ? undefined : toCertificate(row);
  }),

  revoke: write(function* (serial, reason, at) {
    const revoked = yield sql(
      `UPDATE certificates SET revoked_at = ?2, reason = ?3
       WHERE serial = ?1 AND der IS NOT NULL AND revoked_at IS NULL RETURNING id`,
      serial,
      at,
      reason,
    );
    if (revoked.length > 0) return 'revoked';
    const known = yield sql('SELECT id FROM certificates WHERE serial = ?1 AND der IS NOT NULL', serial);
    return known.length > 0 ? 'already-revoked' : 'unknown';
  }),

  revoked: read(function* (issuer, now) {
    const rows = yield sql(
      `SELECT serial, revoked_at, reason FROM certificates
       WHERE issuer = ?1 AND revoked_at IS NOT NULL AND not_after > ?2 ORDER BY serial`,
      issuer,
      now,
    );
    return rows.map((row) => ({
      serial: text(row, 'serial'),
      revokedAt: integer(row, 'revoked_at'),
      reason: reasonCode(row, 'reason'),
    }));
  }),

  isBlockedKey: read(function* (keyDigest) {
    const rows = yield sql('SELECT blocked_at FROM blocked_keys WHERE key_digest = ?1', keyDigest);
    return rows.length > 0;
  }),

  blockKey: statement(function* (keyDigest, at) {
    yield sql(
      'INSERT INTO blocked_keys (key_digest, blocked_at) VALUES (?1, ?2) ON CONFLICT (key_digest) DO NOTHING',
      keyDigest,
      at,
    );
  }),

  loadCrl: read(function* (issuer) {
    const [row] = yield sql('SELECT number, der, this_update, next_update FROM crls WHERE issuer = ?1', issuer);
    if (row === undefined) return undefined;
    return {
      number: integer(row, 'number'),
      der: bytes(row, 'der'),
      thisUpdate: integer(row, 'this_update'),
      nextUpdate: integer(row, 'next_update'),
    };
  }),

  putCrl: statement(function* (issuer, crl) {
    const stored = yield sql(
      `INSERT INTO crls (issuer, number, der, this_update, next_update) VALUES (?1, ?2, ?3, ?4, ?5)
       ON CONFLICT (issuer) DO UPDATE SET number = excluded.number, der = excluded.der,
         this_update = excluded.this_update, next_update = excluded.next_update
       WHERE crls.number = excluded.number - 1
       RETURNING number`,
      issuer,
      crl.number,
      crl.der,
      crl.thisUpdate,
      crl.nextUpdate,
    );
    return stored.length > 0;
  }),
};
