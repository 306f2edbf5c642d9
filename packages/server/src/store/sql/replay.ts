/** What may be presented only once: assertion and proof identifiers. */
import type { ReplayStore } from '../../ports/stores/replay.ts';
import { sql, statement, type UnitsOf } from '../unit.ts';

export const replayUnits: UnitsOf<ReplayStore> = {
  firstSeen: statement(function* (kind, digest, now, expiresAt) {
    const first = yield sql(
      `INSERT INTO replay (kind, digest, expires_at) VALUES (?1, ?2, ?3)
       ON CONFLICT (kind, digest) DO UPDATE SET expires_at = excluded.expires_at WHERE replay.expires_at <= ?4
       RETURNING kind`,
      kind,
      digest,
      expiresAt,
      now,
    );
    return first.length > 0;
  }),
};
