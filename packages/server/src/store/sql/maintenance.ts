/** What the store does for itself: slices of the purge, and the question whether it answers. */
import type { Instant } from '@tegata/core/time/clock';
import { day } from '@tegata/core/time/duration';
import { read, sql, type Unit, write } from '../unit.ts';

/** For how long an ended order and what belongs to it can still be looked at. */
const orderRetention = 7 * day;

type PurgeUnit = Unit<[now: Instant, limit: number], number>;

/** Deletes expired rows of a table found by `key`, which is its primary key. */
function purgeTable(table: string, key: string): PurgeUnit {
  const text = `DELETE FROM ${table} WHERE (${key}) IN
    (SELECT ${key} FROM ${table} WHERE expires_at <= ?1 ORDER BY expires_at LIMIT ?2) RETURNING 1 AS gone`;
  return write(function* (now, limit) {
    const gone = yield sql(text, now, limit);
    return gone.length;
  });
}

const purgeOrders: PurgeUnit = write(function* (now, limit) {
  const expired = `SELECT id FROM orders WHERE expires_at <= ?1 AND status <> 'processing' ORDER BY expires_at LIMIT ?2`;
  const before = now - orderRetention;
  yield sql(`DELETE FROM order_authorizations WHERE order_id IN (${expired})`, before, limit);
  const gone = yield sql(`DELETE FROM orders WHERE id IN (${expired}) RETURNING 1 AS gone`, before, limit);
  return gone.length;
});

/** Those that an order still names are kept with it. */
const purgeAuthorizations: PurgeUnit = write(function* (now, limit) {
  const gone = yield sql(
    `DELETE FROM authorizations WHERE id IN
       (SELECT a.id FROM authorizations a WHERE a.expires_at <= ?1
          AND NOT EXISTS (SELECT 1 FROM order_authorizations l WHERE l.authorization_id = a.id)
        ORDER BY a.expires_at LIMIT ?2) RETURNING 1 AS gone`,
    now - orderRetention,
    limit,
  );
  return gone.length;
});

/** Intents that were never signed, once the certificate would have expired. */
const purgeIntents: PurgeUnit = write(function* (now, limit) {
  const gone = yield sql(
    `DELETE FROM certificates WHERE id IN
       (SELECT id FROM certificates WHERE der IS NULL AND not_after <= ?1 ORDER BY not_after LIMIT ?2)
     RETURNING 1 AS gone`,
    now,
    limit,
  );
  return gone.length;
});

export const purgeUnits = {
  codes: purgeTable('codes', 'id'),
  refreshTokens: purgeTable('refresh_tokens', 'id'),
  accessTokens: purgeTable('access_tokens', 'id'),
  families: purgeTable('families', 'id'),
  oneTime: purgeTable('one_time', 'kind, id'),
  replay: purgeTable('replay', 'kind, digest'),
  revocations: purgeTable('revocations', 'kind, value'),
  sessions: purgeTable('sessions', 'id'),
  throttles: purgeTable('throttles', 'id'),
  orders: purgeOrders,
  authorizations: purgeAuthorizations,
  intents: purgeIntents,
} as const;

export const healthUnits: { readonly ping: Unit<[], void> } = {
  ping: read(function* () {
    yield sql('SELECT 1 AS answer');
  }),
};
