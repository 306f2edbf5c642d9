/** Durable work: one row per job, taken by whoever holds its lease. */
import type { JsonObject } from '@tegata/core/codec/json';
import type { Job, JobKind, JobStore, NewJob } from '../../ports/stores/jobs.ts';
import { integer, json, orNull, text } from '../row.ts';
import { type Row, type Statement, sql, statement, type UnitsOf } from '../unit.ts';

/** Inserts the job unless a live one has its kind and key. A lease from birth counts as the first attempt. */
export function insertJob(job: NewJob): Statement {
  return sql(
    `INSERT INTO jobs (id, kind, job_key, payload, not_before, due_at, attempts, owner, lease_until)
     VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9) ON CONFLICT (kind, job_key) DO NOTHING RETURNING id`,
    job.id,
    job.kind,
    job.key,
    JSON.stringify(job.payload),
    job.notBefore,
    job.lease?.until ?? job.notBefore,
    job.lease === undefined ? 0 : 1,
    orNull(job.lease?.owner),
    orNull(job.lease?.until),
  );
}

/** Removes a job whose outcome is recorded in the same unit. */
export function removeJob(id: string): Statement {
  return sql('DELETE FROM jobs WHERE id = ?1', id);
}

function toJob(row: Row): Job {
  return {
    id: text(row, 'id'),
    kind: text(row, 'kind') as JobKind,
    key: text(row, 'job_key'),
    payload: json<JsonObject>(row, 'payload'),
    notBefore: integer(row, 'not_before'),
    attempts: integer(row, 'attempts'),
    lease: { owner: text(row, 'owner'), until: integer(row, 'lease_until') },
  };
}

export const jobUnits: UnitsOf<JobStore> = {
  add: statement(function* (job) {
    const added = yield insertJob(job);
    return added.length > 0 ? 'added' : 'exists';
  }),

  // `due_at` is the time from which the job may be taken: its own, or the end of the lease somebody has on it.
  lease: statement(function* (kinds, owner, now, until, limit) {
    if (kinds.length === 0) return [];
    const list = kinds.map((_, at) => `?${at + 5}`).join(', ');
    const rows = yield sql(
      `UPDATE jobs SET owner = ?1, lease_until = ?3, due_at = ?3, attempts = attempts + 1
       WHERE due_at <= ?2 AND id IN
         (SELECT id FROM jobs WHERE due_at <= ?2 AND kind IN (${list}) ORDER BY due_at, id LIMIT ?4)
       RETURNING id, kind, job_key, payload, not_before, attempts, owner, lease_until`,
      owner,
      now,
      until,
      limit,
      ...kinds,
    );
    return rows.map(toJob);
  }),

  extend: statement(function* (id, owner, until) {
    const extended = yield sql(
      'UPDATE jobs SET lease_until = ?3, due_at = ?3 WHERE id = ?1 AND owner = ?2 RETURNING id',
      id,
      owner,
      until,
    );
    return extended.length > 0;
  }),

  finish: statement(function* (id, owner) {
    const finished = yield sql('DELETE FROM jobs WHERE id = ?1 AND owner = ?2 RETURNING id', id, owner);
    return finished.length > 0;
  }),

  retry: statement(function* (id, owner, notBefore) {
    const given = yield sql(
      `UPDATE jobs SET owner = NULL, lease_until = NULL, not_before = ?3, due_at = ?3
       WHERE id = ?1 AND owner = ?2 RETURNING id`,
      id,
      owner,
      notBefore,
    );
    return given.length > 0;
  }),

  reclaim: statement(function* (owner, now) {
    const freed = yield sql(
      'UPDATE jobs SET owner = NULL, lease_until = NULL, due_at = ?2 WHERE owner = ?1 RETURNING id',
      owner,
      now,
    );
    return freed.length;
  }),
};
