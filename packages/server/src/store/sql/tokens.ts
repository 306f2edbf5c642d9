/** Authorization codes, refresh tokens and opaque access tokens, keyed by handle id and known by the digest of their secret. */
import type { HandleDigest } from '@tegata/core/id';
import type { Instant } from '@tegata/core/time/clock';
import type { NewToken, Redeemed, Rotated, StoredToken, TokenStore, TokenValue } from '../../ports/stores/tokens.ts';
import { integer, json, optional, text } from '../row.ts';
import { type Row, read, type Statement, sql, statement, type UnitBody, type UnitsOf, write } from '../unit.ts';
import { addFamily, endFamiliesOfSubject, endFamily, extendFamily } from './families.ts';

type TokenTable = 'codes' | 'refresh_tokens' | 'access_tokens';

/** Comparing digests in SQL is safe: whoever can vary the secret cannot steer its SHA-256. */
const selectToken: Readonly<Record<TokenTable, string>> = {
  codes: selectText('codes', 't.spent_at, NULL AS successor'),
  refresh_tokens: selectText('refresh_tokens', 't.spent_at, t.successor'),
  access_tokens: selectText('access_tokens', 'NULL AS spent_at, NULL AS successor'),
};

const insertToken: Readonly<Record<TokenTable, string>> = {
  codes: insertText('codes'),
  refresh_tokens: insertText('refresh_tokens'),
  access_tokens: insertText('access_tokens'),
};

function selectText(table: TokenTable, ownColumns: string): string {
  return `SELECT t.id, t.family, t.value, t.created_at, t.expires_at, ${ownColumns}, f.revoked_at
    FROM ${table} t JOIN families f ON f.id = t.family WHERE t.id = ?1 AND t.digest = ?2 AND t.expires_at > ?3`;
}

function insertText(table: TokenTable): string {
  return `INSERT INTO ${table} (id, digest, family, value, created_at, expires_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6)`;
}

function insert(table: TokenTable, token: NewToken): Statement {
  const { handle, family, value, createdAt, expiresAt } = token;
  return sql(insertToken[table], handle.id, handle.digest, family, JSON.stringify(value), createdAt, expiresAt);
}

function* find(table: TokenTable, handle: HandleDigest, now: Instant): UnitBody<StoredToken | undefined> {
  const [row] = yield sql(selectToken[table], handle.id, handle.digest, now);
  return row === undefined ? undefined : toToken(row);
}

function toToken(row: Row): StoredToken {
  return {
    id: text(row, 'id'),
    family: text(row, 'family'),
    value: json<TokenValue>(row, 'value'),
    createdAt: integer(row, 'created_at'),
    expiresAt: integer(row, 'expires_at'),
    ...optional(row, 'spent_at', 'spentAt', integer),
    ...optional(row, 'successor', 'successor', text),
    revoked: row.revoked_at !== null,
  };
}

function* redeemCode(
  handle: HandleDigest,
  tokens: { readonly refresh?: NewToken; readonly access?: NewToken },
  now: Instant,
): UnitBody<Redeemed> {
  const [spent] = yield sql(
    `UPDATE codes SET spent_at = ?3
     WHERE id = ?1 AND digest = ?2 AND spent_at IS NULL AND expires_at > ?3
       AND EXISTS (SELECT 1 FROM families f WHERE f.id = codes.family AND f.revoked_at IS NULL)
     RETURNING family, (SELECT f.expires_at FROM families f WHERE f.id = codes.family) AS family_expires_at`,
    handle.id,
    handle.digest,
    now,
  );
  if (spent !== undefined) {
    yield* mint(spent, tokens, now);
    return { outcome: 'first' };
  }
  const code = yield* find('codes', handle, now);
  if (code?.spentAt === undefined) return { outcome: 'unknown' };
  if (!code.revoked) yield* endFamily(code.family, now);
  return { outcome: 'reused', family: code.family };
}

function* rotateRefresh(
  handle: HandleDigest,
  tokens: { readonly refresh: NewToken; readonly access?: NewToken },
  now: Instant,
  graceMilliseconds: number,
): UnitBody<Rotated> {
  const [spent] = yield sql(
    `UPDATE refresh_tokens SET spent_at = ?3, successor = ?4
     WHERE id = ?1 AND digest = ?2 AND spent_at IS NULL AND expires_at > ?3
       AND EXISTS (SELECT 1 FROM families f WHERE f.id = refresh_tokens.family AND f.revoked_at IS NULL)
     RETURNING family, (SELECT f.expires_at FROM families f WHERE f.id = refresh_tokens.family) AS family_expires_at`,
    handle.id,
    handle.digest,
    now,
    tokens.refresh.handle.id,
  );
  if (spent !== undefined) {
    yield* mint(spent, tokens, now);
    return { outcome: 'rotated' };
  }
  const old = yield* find('refresh_tokens', handle, now);
  if (old?.spentAt === undefined || old.revoked) return { outcome: 'unknown' };
  if (old.successor !== undefined && now - old.spentAt < graceMilliseconds) {
    const [unused] = yield sql(
      'SELECT id FROM refresh_tokens WHERE id = ?1 AND spent_at IS NULL AND expires_at > ?2',
      old.successor,
      now,
    );
    if (unused !== undefined) return { outcome: 'repeated', successor: old.successor, family: old.family };
  }
  yield* endFamily(old.family, now);
  return { outcome: 'reused', family: old.family };
}

/** Stores what a code or refresh token was exchanged for, in the family of the spent row. */
function* mint(
  spent: Row,
  tokens: { readonly refresh?: NewToken; readonly access?: NewToken },
  now: Instant,
): UnitBody<void> {
  if (tokens.refresh !== undefined) yield insert('refresh_tokens', tokens.refresh);
  if (tokens.access !== undefined) yield insert('access_tokens', tokens.access);
  const family = text(spent, 'family');
  yield* extendFamily(family, integer(spent, 'family_expires_at'), [tokens.refresh, tokens.access], now);
}

export const tokenUnits: UnitsOf<TokenStore> = {
  putCode: write(function* (code) {
    yield addFamily(code);
    yield insert('codes', code);
  }),

  peekCode: read((handle, now) => find('codes', handle, now)),

  redeemCode: write(redeemCode),

  peekRefresh: read((handle, now) => find('refresh_tokens', handle, now)),

  rotateRefresh: write(rotateRefresh),

  putAccess: write(function* (token) {
    yield addFamily(token);
    yield insert('access_tokens', token);
  }),

  loadAccess: read(function* (handle, now) {
    const token = yield* find('access_tokens', handle, now);
    return token?.revoked === false ? token : undefined;
  }),

  revokeAccess: statement(function* (handle, now) {
    const ended = yield sql(
      'DELETE FROM access_tokens WHERE id = ?1 AND digest = ?2 AND expires_at > ?3 RETURNING id',
      handle.id,
      handle.digest,
      now,
    );
    return ended.length > 0;
  }),

  revokeFamily: write(function* (family, now, expiresAt) {
    yield* endFamily(family, now, expiresAt);
  }),

  revokeSubject: write(endFamiliesOfSubject),
};
