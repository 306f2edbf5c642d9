/** ACME orders: created with their authorizations, moved by compare-and-set on their status. */
import type { Instant } from '@tegata/core/time/clock';
import type { NewJob } from '../../ports/stores/jobs.ts';
import type {
  AcmeIdentifier,
  AuthorizationRecord,
  OrderRecord,
  OrderStatus,
  OrderStore,
  StoredProblem,
} from '../../ports/stores/orders.ts';
import { bytes, integer, json, jsonOrNull, optional, orNull, text } from '../row.ts';
import { type Row, read, sql, type UnitBody, type UnitsOf, write } from '../unit.ts';
import {
  beginValidation,
  deactivateAuthorization,
  findValidAuthorizations,
  insertAuthorization,
  loadAuthorization,
  loadAuthorizations,
  recordValidation,
} from './authorizations.ts';
import { insertJob, removeJob } from './jobs.ts';
import { decodeCursor, endOfTime, rowsToRead, toPage } from './pages.ts';

const columns = `id, account_id, status, identifiers, authorizations, profile, not_before, not_after, expires_at,
  created_at, error, certificate`;

function toOrder(row: Row, now: Instant): OrderRecord {
  const status = text(row, 'status') as OrderStatus;
  const expiresAt = integer(row, 'expires_at');
  const ended = expiresAt <= now && (status === 'pending' || status === 'ready');
  return {
    id: text(row, 'id'),
    accountId: text(row, 'account_id'),
    status: ended ? 'invalid' : status,
    identifiers: json<AcmeIdentifier[]>(row, 'identifiers'),
    authorizations: json<string[]>(row, 'authorizations'),
    profile: text(row, 'profile'),
    ...optional(row, 'not_before', 'notBefore', integer),
    ...optional(row, 'not_after', 'notAfter', integer),
    expiresAt,
    createdAt: integer(row, 'created_at'),
    ...optional(row, 'error', 'error', json<StoredProblem>),
    ...optional(row, 'certificate', 'certificate', text),
  };
}

function* load(id: string, now: Instant): UnitBody<OrderRecord | undefined> {
  const [row] = yield sql(`SELECT ${columns} FROM orders WHERE id = ?1`, id);
  return row === undefined ? undefined : toOrder(row, now);
}

function* create(order: OrderRecord, added: readonly AuthorizationRecord[]): UnitBody<void> {
  for (const authorization of added) yield insertAuthorization(authorization);
  const statuses = added.map(({ status }) => status);
  for (const id of order.authorizations) {
    if (added.some((authorization) => authorization.id === id)) continue;
    // Written rather than read: a validation or deactivation that runs at the same time comes wholly before or after.
    const [reused] = yield sql('UPDATE authorizations SET version = version + 1 WHERE id = ?1 RETURNING status', id);
    statuses.push(reused === undefined ? 'invalid' : (text(reused, 'status') as AuthorizationRecord['status']));
  }
  const remaining = statuses.filter((status) => status === 'pending').length;
  const lost = statuses.some((status) => status !== 'pending' && status !== 'valid');
  yield sql(
    `INSERT INTO orders (${columns}, remaining)
     VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)`,
    order.id,
    order.accountId,
    lost ? 'invalid' : initialStatus(order.status, remaining),
    JSON.stringify(order.identifiers),
    JSON.stringify(order.authorizations),
    order.profile,
    orNull(order.notBefore),
    orNull(order.notAfter),
    order.expiresAt,
    order.createdAt,
    jsonOrNull(order.error),
    orNull(order.certificate),
    remaining,
  );
  for (const id of order.authorizations) {
    yield sql('INSERT INTO order_authorizations (authorization_id, order_id) VALUES (?1, ?2)', id, order.id);
  }
}

/** What is still missing decides between pending and ready, whatever was true when the order was put together. */
function initialStatus(wanted: OrderStatus, remaining: number): OrderStatus {
  if (wanted !== 'pending' && wanted !== 'ready') return wanted;
  return remaining === 0 ? 'ready' : 'pending';
}

function* beginProcessing(id: string, csr: Uint8Array, now: Instant, job: NewJob): UnitBody<'begun' | 'unchanged'> {
  const begun = yield sql(
    `UPDATE orders SET status = 'processing', csr = ?2, job_key = ?3
     WHERE id = ?1 AND status = 'ready' AND expires_at > ?4 RETURNING id`,
    id,
    csr,
    job.key,
    now,
  );
  if (begun.length === 0) return 'unchanged';
  yield insertJob(job);
  return 'begun';
}

export const orderUnits: UnitsOf<OrderStore> = {
  create: write(create),

  load: read(load),

  loadWithAuthorizations: read(function* (id, now) {
    const order = yield* load(id, now);
    if (order === undefined) return undefined;
    return { order, authorizations: yield* loadAuthorizations(order.authorizations, now) };
  }),

  listByAccount: read(function* (accountId, page) {
    const [createdAt, id] = decodeCursor(page, [endOfTime, ''] as const);
    const rows = yield sql(
      `SELECT id, created_at FROM orders
       WHERE account_id = ?1 AND (created_at, id) < (?2, ?3) AND status <> 'invalid'
       ORDER BY created_at DESC, id DESC LIMIT ?4`,
      accountId,
      createdAt,
      id,
      rowsToRead(page),
    );
    return toPage(
      rows,
      page,
      (row) => text(row, 'id'),
      (row) => [integer(row, 'created_at'), text(row, 'id')],
    );
  }),

  loadAuthorization: read(loadAuthorization),

  findValidAuthorizations: read(findValidAuthorizations),

  beginValidation: write(beginValidation),

  recordValidation: write(recordValidation),

  deactivateAuthorization: write(deactivateAuthorization),

  beginProcessing: write(beginProcessing),

  loadRequest: read(function* (id) {
    const [row] = yield sql('SELECT csr FROM orders WHERE id = ?1 AND csr IS NOT NULL', id);
    return row === undefined ? undefined : bytes(row, 'csr');
  }),

  failProcessing: write(function* (id, problem, jobId) {
    const failed = yield sql(
      `UPDATE orders SET status = 'invalid', error = ?2, csr = NULL WHERE id = ?1 AND status = 'processing' RETURNING id`,
      id,
      JSON.stringify(problem),
    );
    yield removeJob(jobId);
    return failed.length > 0 ? 'failed' : 'unchanged';
  }),

  findStranded: read(function* (limit) {
    const rows = yield sql(
      `SELECT o.id FROM orders o WHERE o.status = 'processing'
         AND NOT EXISTS (SELECT 1 FROM jobs j WHERE j.kind = 'issue' AND j.job_key = o.job_key)
       ORDER BY o.id LIMIT ?1`,
      limit,
    );
    return rows.map((row) => text(row, 'id'));
  }),
};
