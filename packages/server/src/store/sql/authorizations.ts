/** ACME authorizations with their challenges: one row each, changed by compare-and-set on its version. */
import type { Instant } from '@tegata/core/time/clock';
import type { NewJob } from '../../ports/stores/jobs.ts';
import type {
  AcmeIdentifier,
  AuthorizationRecord,
  AuthorizationStatus,
  ChallengeRecord,
  ValidationOutcomeRecord,
} from '../../ports/stores/orders.ts';
import { flag, integer, json, text } from '../row.ts';
import { LostRace, type Row, type Statement, sql, type UnitBody } from '../unit.ts';
import { insertJob, removeJob } from './jobs.ts';

const columns = 'id, account_id, identifier, wildcard, status, expires_at, created_at, challenges, version';

type LookedFor = AcmeIdentifier & { readonly wildcard: boolean };

/** One text for type, value and wildcard flag; no identifier type contains a space (RFC 8555 section 9.7.7). */
function identifierKey({ type, value, wildcard }: LookedFor): string {
  return `${wildcard ? 'wildcard' : 'exact'} ${type} ${value}`;
}

export function insertAuthorization(authorization: AuthorizationRecord): Statement {
  const { identifier, wildcard } = authorization;
  return sql(
    `INSERT INTO authorizations (id, account_id, identifier_key, identifier, wildcard, status, expires_at, created_at,
       challenges, version) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, 1)`,
    authorization.id,
    authorization.accountId,
    identifierKey({ ...identifier, wildcard }),
    JSON.stringify(identifier),
    Number(wildcard),
    authorization.status,
    authorization.expiresAt,
    authorization.createdAt,
    JSON.stringify(authorization.challenges),
  );
}

/** What the row says; it still counts as `pending` or `valid` after its time. */
interface StoredAuthorization {
  readonly record: AuthorizationRecord;
  readonly version: number;
}

function* find(id: string): UnitBody<StoredAuthorization | undefined> {
  const [row] = yield sql(`SELECT ${columns} FROM authorizations WHERE id = ?1`, id);
  return row === undefined ? undefined : { record: toAuthorization(row), version: integer(row, 'version') };
}

function toAuthorization(row: Row): AuthorizationRecord {
  return {
    id: text(row, 'id'),
    accountId: text(row, 'account_id'),
    identifier: json<AcmeIdentifier>(row, 'identifier'),
    wildcard: flag(row, 'wildcard'),
    status: text(row, 'status') as AuthorizationStatus,
    expiresAt: integer(row, 'expires_at'),
    createdAt: integer(row, 'created_at'),
    challenges: json<ChallengeRecord[]>(row, 'challenges'),
  };
}

/** The authorization as it is at `now`: pending or valid ones past their time have expired. */
function asOf(record: AuthorizationRecord, now: Instant): AuthorizationRecord {
  const ended = record.expiresAt <= now && (record.status === 'pending' || record.status === 'valid');
  return ended ? { ...record, status: 'expired' } : record;
}

export function* loadAuthorization(id: string, now: Instant): UnitBody<AuthorizationRecord | undefined> {
  const found = yield* find(id);
  return found === undefined ? undefined : asOf(found.record, now);
}

/** The authorizations with these ids, in their order. */
export function* loadAuthorizations(ids: readonly string[], now: Instant): UnitBody<readonly AuthorizationRecord[]> {
  const list = ids.map((_, at) => `?${at + 1}`).join(', ');
  const rows = yield sql(`SELECT ${columns} FROM authorizations WHERE id IN (${list})`, ...ids);
  const found = new Map(rows.map((row) => [text(row, 'id'), asOf(toAuthorization(row), now)]));
  return ids.flatMap((id) => found.get(id) ?? []);
}

/** For each identifier the valid authorization that lasts longest, if one lasts beyond `validUntil`. */
export function* findValidAuthorizations(
  accountId: string,
  identifiers: readonly LookedFor[],
  validUntil: Instant,
): UnitBody<readonly AuthorizationRecord[]> {
  const found: AuthorizationRecord[] = [];
  for (const identifier of identifiers) {
    const [row] = yield sql(
      `SELECT ${columns} FROM authorizations
       WHERE account_id = ?1 AND identifier_key = ?2 AND status = 'valid' AND expires_at > ?3
       ORDER BY expires_at DESC LIMIT 1`,
      accountId,
      identifierKey(identifier),
      validUntil,
    );
    if (row !== undefined) found.push(toAuthorization(row));
  }
  return found;
}

export function* beginValidation(
  authorizationId: string,
  challengeId: string,
  now: Instant,
  job: NewJob,
): UnitBody<'begun' | 'unchanged'> {
  const found = yield* find(authorizationId);
  if (found === undefined || asOf(found.record, now).status !== 'pending') return 'unchanged';
  const challenge = found.record.challenges.find(({ id }) => id === challengeId);
  if (challenge?.status !== 'pending') return 'unchanged';
  yield* change(found, {
    ...found.record,
    challenges: withChallenge(found.record, { ...challenge, status: 'processing' }),
  });
  yield insertJob(job);
  return 'begun';
}

export function* recordValidation(outcome: ValidationOutcomeRecord): UnitBody<'recorded' | 'unchanged'> {
  const { authorizationId, challengeId, at, error, jobId } = outcome;
  const found = yield* find(authorizationId);
  // Whatever is found, the job has nothing left to do.
  yield removeJob(jobId);
  if (found === undefined || asOf(found.record, at).status !== 'pending') return 'unchanged';
  const challenge = found.record.challenges.find(({ id }) => id === challengeId);
  if (challenge?.status !== 'processing') return 'unchanged';
  if (error === undefined) {
    const challenges = withChallenge(found.record, { ...challenge, status: 'valid', validatedAt: at });
    yield* change(found, { ...found.record, status: 'valid', expiresAt: outcome.authorizationExpiresAt, challenges });
    yield orderStepDone(authorizationId);
  } else {
    const challenges = withChallenge(found.record, { ...challenge, status: 'invalid', error });
    yield* change(found, { ...found.record, status: 'invalid', challenges });
    yield endOrders(authorizationId, JSON.stringify(error));
  }
  return 'recorded';
}

export function* deactivateAuthorization(id: string, now: Instant): UnitBody<AuthorizationRecord | undefined> {
  const found = yield* find(id);
  if (found === undefined) return undefined;
  const current = asOf(found.record, now);
  if (current.status !== 'pending' && current.status !== 'valid') return current;
  const deactivated: AuthorizationRecord = { ...found.record, status: 'deactivated' };
  yield* change(found, deactivated);
  yield endOrders(id, null);
  return deactivated;
}

/** Writes the row if nobody has since it was read. */
function* change(found: StoredAuthorization, next: AuthorizationRecord): UnitBody<void> {
  const changed = yield sql(
    `UPDATE authorizations SET status = ?3, expires_at = ?4, challenges = ?5, version = version + 1
     WHERE id = ?1 AND version = ?2 RETURNING id`,
    next.id,
    found.version,
    next.status,
    next.expiresAt,
    JSON.stringify(next.challenges),
  );
  if (changed.length === 0) throw new LostRace('the authorization was changed meanwhile');
}

/** Each order counts what it still waits for, so that two last authorizations met at once cannot both see the other missing. */
function orderStepDone(authorizationId: string): Statement {
  return sql(
    `UPDATE orders SET remaining = remaining - 1, status = CASE WHEN remaining <= 1 THEN 'ready' ELSE status END
     WHERE status = 'pending' AND id IN (SELECT order_id FROM order_authorizations WHERE authorization_id = ?1)`,
    authorizationId,
  );
}

function endOrders(authorizationId: string, error: string | null): Statement {
  return sql(
    `UPDATE orders SET status = 'invalid', error = ?2
     WHERE status IN ('pending', 'ready')
       AND id IN (SELECT order_id FROM order_authorizations WHERE authorization_id = ?1)`,
    authorizationId,
    error,
  );
}

function withChallenge(record: AuthorizationRecord, changed: ChallengeRecord): readonly ChallengeRecord[] {
  return record.challenges.map((challenge) => (challenge.id === changed.id ? changed : challenge));
}
