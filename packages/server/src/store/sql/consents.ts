/** What users have allowed clients, remembered between visits. */
import type { ConsentRecord, ConsentStore } from '../../ports/stores/consents.ts';
import { integer, json, text } from '../row.ts';
import { LostRace, type Row, read, sql, type UnitsOf, write } from '../unit.ts';
import { endFamiliesOfPair } from './families.ts';

const find = 'SELECT scopes, resources, granted_at FROM consents WHERE subject = ?1 AND client_id = ?2';

function toConsent(subject: string, clientId: string, row: Row): ConsentRecord {
  return {
    subject,
    clientId,
    scopes: json<string[]>(row, 'scopes'),
    resources: json<string[]>(row, 'resources'),
    grantedAt: integer(row, 'granted_at'),
  };
}

export const consentUnits: UnitsOf<ConsentStore> = {
  load: read(function* (subject, clientId) {
    const [row] = yield sql(find, subject, clientId);
    return row === undefined ? undefined : toConsent(subject, clientId, row);
  }),

  remember: write(function* (consent) {
    const { subject, clientId, grantedAt } = consent;
    const added = yield sql(
      `INSERT INTO consents (subject, client_id, scopes, resources, granted_at) VALUES (?1, ?2, ?3, ?4, ?5)
       ON CONFLICT (subject, client_id) DO NOTHING RETURNING subject`,
      subject,
      clientId,
      JSON.stringify(consent.scopes),
      JSON.stringify(consent.resources),
      grantedAt,
    );
    if (added.length > 0) return;
    const [row] = yield sql(find, subject, clientId);
    if (row === undefined) throw new LostRace('the consent was revoked meanwhile');
    const merged = yield sql(
      `UPDATE consents SET scopes = ?3, resources = ?4, granted_at = ?5
       WHERE subject = ?1 AND client_id = ?2 AND scopes = ?6 AND resources = ?7 RETURNING subject`,
      subject,
      clientId,
      JSON.stringify(union(json<string[]>(row, 'scopes'), consent.scopes)),
      JSON.stringify(union(json<string[]>(row, 'resources'), consent.resources)),
      grantedAt,
      text(row, 'scopes'),
      text(row, 'resources'),
    );
    if (merged.length === 0) throw new LostRace('the consent was changed meanwhile');
  }),

  list: read(function* (subject) {
    const rows = yield sql(
      `SELECT client_id, scopes, resources, granted_at FROM consents WHERE subject = ?1
       ORDER BY granted_at DESC, client_id LIMIT 500`,
      subject,
    );
    return rows.map((row) => toConsent(subject, text(row, 'client_id'), row));
  }),

  revoke: write(function* (subject, clientId, now) {
    yield sql('DELETE FROM consents WHERE subject = ?1 AND client_id = ?2', subject, clientId);
    yield* endFamiliesOfPair(subject, clientId, now);
  }),
};

function union(known: readonly string[], added: readonly string[]): readonly string[] {
  return [...new Set([...known, ...added])];
}
