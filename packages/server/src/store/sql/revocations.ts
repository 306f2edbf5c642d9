/** The list of revoked things that live JWTs are checked against. */
import type { RevocationKind, RevocationStore } from '../../ports/stores/revocations.ts';
import { integer, text } from '../row.ts';
import { read, sql, statement, type UnitsOf } from '../unit.ts';
import { recordRevocation } from './families.ts';

export const revocationUnits: UnitsOf<RevocationStore> = {
  add: statement(function* (revocation) {
    yield recordRevocation(revocation);
  }),

  since: read(function* (since, now) {
    const rows = yield sql(
      `SELECT kind, value, revoked_at, expires_at FROM revocations
       WHERE revoked_at >= ?1 AND expires_at > ?2 ORDER BY revoked_at`,
      since,
      now,
    );
    return rows.map((row) => ({
      kind: text(row, 'kind') as RevocationKind,
      value: text(row, 'value'),
      revokedAt: integer(row, 'revoked_at'),
      expiresAt: integer(row, 'expires_at'),
    }));
  }),
};
