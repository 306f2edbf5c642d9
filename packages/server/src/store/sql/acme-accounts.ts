/** ACME accounts. */
import type { JsonObject } from '@tegata/core/codec/json';
import type { Instant } from '@tegata/core/time/clock';
import type { AcmeAccountRecord, AcmeAccountStatus, AcmeAccountStore } from '../../ports/stores/acme-accounts.ts';
import { integer, json, optional, orNull, text } from '../row.ts';
import { LostRace, type Row, read, sql, type UnitBody, type UnitsOf, write } from '../unit.ts';
import { bumpCounter, readCounter } from './counters.ts';

const columns = 'id, status, public_jwk, thumbprint, contact, terms_agreed_at, created_at, version';

function toAccount(row: Row): AcmeAccountRecord {
  return {
    id: text(row, 'id'),
    status: text(row, 'status') as AcmeAccountStatus,
    publicJwk: json<JsonObject>(row, 'public_jwk'),
    thumbprint: text(row, 'thumbprint'),
    contact: json<string[]>(row, 'contact'),
    ...optional(row, 'terms_agreed_at', 'termsAgreedAt', integer),
    createdAt: integer(row, 'created_at'),
    version: integer(row, 'version'),
  };
}

function* findByThumbprint(thumbprint: string): UnitBody<AcmeAccountRecord | undefined> {
  const [row] = yield sql(`SELECT ${columns} FROM acme_accounts WHERE thumbprint = ?1`, thumbprint);
  return row === undefined ? undefined : toAccount(row);
}

function* find(id: string): UnitBody<AcmeAccountRecord | undefined> {
  const [row] = yield sql(`SELECT ${columns} FROM acme_accounts WHERE id = ?1`, id);
  return row === undefined ? undefined : toAccount(row);
}

function* deactivate(id: string, now: Instant): UnitBody<AcmeAccountRecord | undefined> {
  const [row] = yield sql(
    `UPDATE acme_accounts SET status = 'deactivated', version = version + 1
     WHERE id = ?1 AND status = 'valid' RETURNING ${columns}`,
    id,
  );
  if (row === undefined) return yield* find(id);
  yield sql(`UPDATE orders SET status = 'invalid' WHERE account_id = ?1 AND status IN ('pending', 'ready')`, id);
  yield sql(
    `UPDATE authorizations SET status = 'deactivated', version = version + 1
     WHERE account_id = ?1 AND status IN ('pending', 'valid') AND expires_at > ?2`,
    id,
    now,
  );
  yield bumpCounter('acme_accounts');
  return toAccount(row);
}

export const acmeAccountUnits: UnitsOf<AcmeAccountStore> = {
  create: write(function* (account) {
    const [row] = yield sql(
      `INSERT INTO acme_accounts (${columns}) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
       ON CONFLICT (thumbprint) DO NOTHING RETURNING ${columns}`,
      account.id,
      account.status,
      JSON.stringify(account.publicJwk),
      account.thumbprint,
      JSON.stringify(account.contact),
      orNull(account.termsAgreedAt),
      account.createdAt,
      account.version,
    );
    if (row !== undefined) {
      yield bumpCounter('acme_accounts');
      return { outcome: 'created', account: toAccount(row) };
    }
    const existing = yield* findByThumbprint(account.thumbprint);
    if (existing === undefined) throw new LostRace('the account with this key has just changed its key');
    return { outcome: 'exists', account: existing };
  }),

  load: read(find),

  findByThumbprint: read(findByThumbprint),

  updateContact: write(function* (id, contact) {
    const [row] = yield sql(
      `UPDATE acme_accounts SET contact = ?2, version = version + 1
       WHERE id = ?1 AND status = 'valid' RETURNING ${columns}`,
      id,
      JSON.stringify(contact),
    );
    if (row === undefined) return undefined;
    yield bumpCounter('acme_accounts');
    return toAccount(row);
  }),

  deactivate: write(deactivate),

  replaceKey: write(function* (id, oldThumbprint, key) {
    const replaced = yield sql(
      `UPDATE acme_accounts SET public_jwk = ?3, thumbprint = ?4, version = version + 1
       WHERE id = ?1 AND thumbprint = ?2 AND status = 'valid'
         AND NOT EXISTS (SELECT 1 FROM acme_accounts o WHERE o.thumbprint = ?4)
       RETURNING id`,
      id,
      oldThumbprint,
      JSON.stringify(key.publicJwk),
      key.thumbprint,
    );
    if (replaced.length > 0) {
      yield bumpCounter('acme_accounts');
      return { outcome: 'replaced' };
    }
    const holder = yield* findByThumbprint(key.thumbprint);
    return holder === undefined ? { outcome: 'conflict' } : { outcome: 'in-use', account: holder.id };
  }),

  version: read(() => readCounter('acme_accounts')),
};
