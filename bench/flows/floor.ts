/** What this machine can do at most, measured in the same run: bare signatures and bare durable commits. */

import { generateKeyPairSync, sign, verify } from 'node:crypto';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

export interface Floor {
  /** Synchronous ES256 signatures per second on one core. */
  readonly signatures: number;
  readonly verifications: number;
  /** Single-row commits per second with full sync, one after the other. */
  readonly commits: number;
}

export function measureFloor(folder: string): Floor {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const data = Buffer.alloc(300, 7);
  const signature = sign('sha256', data, { key: privateKey, dsaEncoding: 'ieee-p1363' });
  return {
    signatures: perSecond(20_000, () => sign('sha256', data, { key: privateKey, dsaEncoding: 'ieee-p1363' })),
    verifications: perSecond(8_000, () =>
      verify('sha256', data, { key: publicKey, dsaEncoding: 'ieee-p1363' }, signature),
    ),
    commits: measureCommits(join(folder, 'floor.db')),
  };
}

function measureCommits(path: string): number {
  const database = new DatabaseSync(path);
  database.exec(
    'PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; CREATE TABLE rows (id INTEGER PRIMARY KEY, body BLOB)',
  );
  const insert = database.prepare('INSERT INTO rows (body) VALUES (?)');
  const body = Buffer.alloc(170, 1);
  const rate = perSecond(3_000, () => insert.run(body));
  database.close();
  rmSync(path, { force: true });
  return rate;
}

/** Best of three, after a warm-up. */
function perSecond(count: number, work: () => unknown): number {
  let best = 0;
  for (let at = 0; at < count / 10; at++) work();
  for (let round = 0; round < 3; round++) {
    const startedAt = performance.now();
    for (let at = 0; at < count; at++) work();
    best = Math.max(best, (count / (performance.now() - startedAt)) * 1000);
  }
  return best;
}
