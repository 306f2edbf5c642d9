import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { unwrap } from '@tegata/core/result';
import { lockDataFolder } from './data-lock.ts';

describe('data folder lock', () => {
  const folder = mkdtempSync(join(tmpdir(), 'tegata-lock-'));
  after(() => rmSync(folder, { recursive: true }));

  it('is held by one at a time, and free again when released', () => {
    const first = unwrap(lockDataFolder(folder));
    const second = lockDataFolder(folder);
    assert.ok(!second.ok);
    assert.match(second.error.detail, /Another server is running on the data folder/);
    first.release();
    unwrap(lockDataFolder(folder)).release();
  });

  it('leaves a file that only this user can read', () => {
    assert.equal(statSync(join(folder, 'server.lock')).mode & 0o777, 0o600);
  });

  it('says what to do about a folder that cannot be written', () => {
    const refused = lockDataFolder(join(folder, 'missing'));
    assert.ok(!refused.ok);
    assert.match(refused.error.detail, /cannot be locked: .*--data/);
  });
});
