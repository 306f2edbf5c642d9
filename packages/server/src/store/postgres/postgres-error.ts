/** PostgreSQL's error codes as store errors, and which of them a unit may simply be run again after. */

import { StoreError } from '../store-error.ts';
import { LostRace } from '../unit.ts';

const serializationFailure = '40001';
const deadlock = '40P01';
/** A unit decides by conditional writes, so a duplicate key means that another one won in between; a second run sees it. */
const uniqueViolation = '23505';

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
}

/** Whether the unit lost against another one and nothing of it has happened. */
export function isLostRace(error: unknown): boolean {
  return error instanceof LostRace || [serializationFailure, deadlock, uniqueViolation].includes(codeOf(error));
}

/** Whether the connection is gone, so that only the next one can tell what has happened. */
export function isLostConnection(error: unknown): boolean {
  const code = codeOf(error);
  if (/^(08|57P0)/.test(code) || /^E[A-Z]+$/.test(code)) return true;
  return (
    error instanceof Error && /connection terminated|not queryable|timeout exceeded when trying/i.test(error.message)
  );
}

/** The store error for a failing database; any other error (a defect such as a violated constraint) as it is. */
export function describePostgresError(error: unknown): unknown {
  if (error instanceof StoreError || error instanceof LostRace) return error;
  const because = error instanceof Error && error.message !== '' ? error.message : codeOf(error);
  const failure = (kind: StoreError['kind'], what: string, remedy: string) =>
    new StoreError(kind, `The PostgreSQL database ${what}: ${because}.`, remedy, error);
  const code = codeOf(error);
  if (code === '53100') return failure('full', 'cannot grow', 'Free space on its disk; nothing acknowledged was lost.');
  if (code === '25006') return failure('read-only', 'takes no writes', 'Name the primary server in store.url.');
  if (code.startsWith('XX') || code === '58030') return failure('corrupt', 'is damaged', 'Restore a backup.');
  if (code === '55P03') return failure('locked', 'holds a lock for too long', 'End the session that holds the lock.');
  if (code.startsWith('28'))
    return failure('unavailable', 'refuses this user', 'Check user and password in store.url.');
  if (code === '3D000') return failure('unavailable', 'does not exist', 'Create it, or name another one in store.url.');
  if (code === '42501')
    return failure('unavailable', 'denies a right', 'Let this user create and change tables there.');
  if (code.startsWith('53') || isLostConnection(error)) {
    return failure('unavailable', 'cannot be reached', 'Check that the server runs and that store.url names it.');
  }
  return error;
}

/** Like `describePostgresError`, for an error met while connecting: never a defect. */
export function describeConnectError(error: unknown): StoreError {
  const described = describePostgresError(error);
  if (described instanceof StoreError) return described;
  const because = error instanceof Error ? error.message : String(error);
  const remedy = 'Check user, password and TLS settings in store.url.';
  return new StoreError('unavailable', `The PostgreSQL server cannot be used: ${because}.`, remedy, error);
}
