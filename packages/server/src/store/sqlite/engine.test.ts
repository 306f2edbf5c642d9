import assert from 'node:assert/strict';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { after, before, describe, it } from 'node:test';
import { unwrap } from '@tegata/core/result';
import { newAccess, newDigest, newId, now, tokenValue } from '../conformance/fixtures.ts';
import { type OpenStoreOptions, openStore } from '../open-store.ts';
import { StoreError, type StoreErrorKind } from '../store-error.ts';
import { describeSqliteError } from './sqlite-error.ts';

let folder: string;
before(() => {
  folder = mkdtempSync(join(tmpdir(), 'tegata-sqlite-'));
});
after(() => rmSync(folder, { recursive: true }));

const urlOf = (path: string) => `sqlite:${path}`;
const newPath = () => join(folder, `${newId()}.db`);

async function openError(path: string): Promise<StoreError> {
  const opened = await openStore(urlOf(path));
  assert.equal(opened.ok, false, `${path} was opened`);
  return opened.ok ? assert.fail() : opened.error;
}

/** A closed database with content in it. */
async function writtenDatabase(): Promise<string> {
  const path = newPath();
  const store = unwrap(await openStore(urlOf(path)));
  await store.audit.append(
    Array.from({ length: 500 }, (_, at) => ({ at: now + at, event: `test.written_${newId()}` })),
  );
  await store.close();
  return path;
}

describe('SQLite file', () => {
  it('is readable and writable by its owner only, and so are the files beside it', async () => {
    const path = newPath();
    const store = unwrap(await openStore(urlOf(path)));
    await store.replay.firstSeen('jti', newDigest(), now, now + 1);
    for (const name of [path, `${path}-wal`, `${path}-shm`]) {
      assert.equal(statSync(name).mode & 0o777, 0o600, name);
    }
    await store.close();
    assert.equal(existsSync(`${path}-wal`), false, 'closing leaves one file');
  });

  it('keeps what was written when opened again', async () => {
    const path = newPath();
    const access = newAccess(newId());
    const first = unwrap(await openStore(urlOf(path)));
    await first.tokens.putAccess(access);
    await first.close();
    const second = unwrap(await openStore(urlOf(path)));
    assert.deepEqual((await second.tokens.loadAccess(access.handle, now))?.value, access.value);
    await second.close();
  });

  it('finishes queued writes before it closes, and refuses later ones with a reason', async () => {
    const store = unwrap(await openStore(urlOf(newPath())));
    const pending = Array.from({ length: 50 }, () => store.replay.firstSeen('jti', newDigest(), now, now + 1));
    await store.close();
    assert.equal((await Promise.all(pending)).every(Boolean), true);
    await assert.rejects(store.ping(), { name: 'StoreError', kind: 'unavailable' });
    await assert.rejects(store.replay.firstSeen('jti', newDigest(), now, now), { kind: 'unavailable' });
    await store.close();
  });
});

describe('SQLite file that cannot be used', () => {
  const damage: Record<string, (path: string) => void> = {
    'is text': (path) => writeFileSync(path, 'not a database, but somebody’s notes\n'.repeat(100)),
    'is cut short': (path) => truncateSync(path, Math.floor(statSync(path).size / 2 / 4096) * 4096),
    'has pages overwritten': (path) => {
      const bytes = readFileSync(path);
      bytes.fill(0xa5, 3 * 4096, bytes.length - 4096);
      writeFileSync(path, bytes);
    },
    'belongs to another program': (path) => {
      rmSync(path);
      const other = new DatabaseSync(path);
      other.exec('CREATE TABLE bookmarks (url TEXT)');
      other.close();
    },
  };
  for (const [what, apply] of Object.entries(damage)) {
    it(`and ${what} is refused as corrupt and left as it was`, async () => {
      const path = await writtenDatabase();
      apply(path);
      const before = readFileSync(path);
      const error = await openError(path);
      assert.equal(error.kind, 'corrupt');
      assert.match(error.message, new RegExp(path));
      assert.match(error.remedy, /left as it was/);
      assert.deepEqual(readFileSync(path), before);
    });
  }

  it('because its folder is missing is said so', async () => {
    const error = await openError(join(folder, 'missing', 'tegata.db'));
    assert.equal(error.kind, 'unavailable');
    assert.match(error.remedy, /existing folder/);
  });

  it('because it is a folder is said so', async () => {
    const path = join(folder, 'a-folder');
    mkdirSync(path);
    assert.equal((await openError(path)).kind, 'unavailable');
  });

  it('because the URL means nothing is said so', async () => {
    const opened = await openStore('mysql://localhost/tegata');
    assert.equal(opened.ok ? undefined : opened.error.kind, 'unavailable');
    assert.match(opened.ok ? '' : opened.error.remedy, /store\.url/);
  });

  it('is described by the kind of SQLite’s own error', () => {
    const path = newPath();
    new DatabaseSync(path).exec('CREATE TABLE numbers (value BIGINT UNIQUE)');
    const errorOf = (action: () => void): unknown => {
      try {
        action();
      } catch (error) {
        return describeSqliteError(error, path);
      }
      return undefined;
    };
    const readOnly = errorOf(() => new DatabaseSync(path, { readOnly: true }).exec('DELETE FROM numbers'));
    assert.equal(readOnly instanceof StoreError && readOnly.kind, 'read-only' satisfies StoreErrorKind);
    const duplicate = errorOf(() => new DatabaseSync(path).exec('INSERT INTO numbers VALUES (1), (1)'));
    assert.equal(duplicate instanceof StoreError, false, 'a violated constraint is a defect, not a failing store');
  });
});

describe('SQLite that is full', () => {
  it('rejects what does not fit, loses nothing acknowledged, and works again when there is space', async () => {
    const limited: OpenStoreOptions = { sqlite: { maximumPages: 160 } };
    const store = unwrap(await openStore(urlOf(newPath()), limited));
    const value = tokenValue({ detail: { note: 'x'.repeat(900) } });
    const acknowledged: ReturnType<typeof newAccess>[] = [];
    const errors: unknown[] = [];
    while (errors.length === 0) {
      const tokens = Array.from({ length: 20 }, () => newAccess(newId(), value));
      const results = await Promise.allSettled(tokens.map((token) => store.tokens.putAccess(token)));
      results.forEach((result, at) => {
        if (result.status === 'rejected') errors.push(result.reason);
        else acknowledged.push(tokens[at] ?? assert.fail());
      });
    }
    for (const error of errors) {
      assert.ok(error instanceof StoreError);
      assert.equal(error.kind, 'full');
      assert.match(error.remedy, /Free space/);
    }
    assert.ok(acknowledged.length > 20, 'some of them fitted');
    for (const { handle } of acknowledged) assert.notEqual(await store.tokens.loadAccess(handle, now), undefined);
    for (const { handle } of acknowledged) assert.equal(await store.tokens.revokeAccess(handle, now), true);
    const later = newAccess(newId(), value);
    await store.tokens.putAccess(later);
    assert.notEqual(await store.tokens.loadAccess(later.handle, now), undefined);
    await store.close();
  });
});

describe('SQLite that another connection has locked', () => {
  it('waits, then says who to look for, and works when the lock is gone', async () => {
    const path = newPath();
    const store = unwrap(await openStore(urlOf(path), { sqlite: { lockMilliseconds: 50 } }));
    const other = new DatabaseSync(path);
    other.exec('BEGIN IMMEDIATE');
    const digest = newDigest();
    await assert.rejects(store.replay.firstSeen('jti', digest, now, now + 1), { name: 'StoreError', kind: 'locked' });
    assert.equal(await store.keys.setting('anything'), undefined, 'reading goes on');
    other.exec('COMMIT');
    other.close();
    assert.equal(await store.replay.firstSeen('jti', digest, now, now + 1), true);
    await store.close();
  });
});

describe('SQLite damaged while it runs', () => {
  it('rejects what it cannot read with a reason', async () => {
    const path = await writtenDatabase();
    const store = unwrap(await openStore(urlOf(path)));
    const bytes = readFileSync(path);
    bytes.fill(0xa5, 4096);
    writeFileSync(path, bytes);
    await assert.rejects(store.audit.list({ limit: 500 }), { name: 'StoreError', kind: 'corrupt' });
    await store.close().catch(() => undefined);
  });
});
