/**
 * A process killed in the middle of its work, and two processes on one file. The processes are this file again, told by an
 * environment variable what to be.
 */
import assert from 'node:assert/strict';
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { sha256 } from '@tegata/core/crypto';
import type { HandleDigest } from '@tegata/core/id';
import { unwrap } from '@tegata/core/result';
import { day } from '@tegata/core/time/duration';
import type { Store } from '../../ports/store.ts';
import type { NewToken } from '../../ports/stores/tokens.ts';
import { newId, now, tokenValue } from '../conformance/fixtures.ts';
import { openStore } from '../open-store.ts';

const role = process.env.TEGATA_TEST_ROLE;
const writers = 32;

/** A handle whose digest follows from its id, so that the other process can present it too. */
function handleOf(id: string): HandleDigest {
  return { id, digest: sha256(id) };
}

function tokenOf(id: string): NewToken {
  return { handle: handleOf(id), family: `family-${id}`, value: tokenValue(), createdAt: now, expiresAt: now + day };
}

/** Writes until killed; says on standard output what has been acknowledged, one line each. */
async function writeUntilKilled(store: Store): Promise<void> {
  const acknowledged = (...words: string[]) => process.stdout.write(`${words.join(' ')}\n`);
  const work = async (): Promise<never> => {
    for (;;) {
      const [code, refresh, next] = [newId(), newId(), newId()];
      const tokenFor = (id: string): NewToken => ({ ...tokenOf(id), family: `family-${code}` });
      await store.tokens.putCode(tokenOf(code));
      acknowledged('stored', code);
      await store.tokens.redeemCode(handleOf(code), { refresh: tokenFor(refresh) }, now);
      acknowledged('redeemed', code, refresh);
      await store.tokens.rotateRefresh(handleOf(refresh), { refresh: tokenFor(next) }, now, 0);
      acknowledged('rotated', refresh, next);
      await store.replay.firstSeen('jti', sha256(code), now, now + day);
      acknowledged('seen', code);
    }
  };
  await Promise.all(Array.from({ length: writers }, work));
}

/** Redeems every code it is sent, and sends back those that were first. */
async function race(store: Store): Promise<void> {
  process.send?.('ready');
  const [codes] = (await once(process, 'message')) as [string[]];
  process.send?.(await redeemAll(store, codes));
  await store.close();
  process.disconnect?.();
}

async function redeemAll(store: Store, codes: readonly string[]): Promise<readonly string[]> {
  const outcomes = await Promise.all(codes.map((code) => store.tokens.redeemCode(handleOf(code), {}, now)));
  return codes.filter((_, at) => outcomes[at]?.outcome === 'first');
}

function startRole(name: string, path: string): ChildProcess {
  return fork(import.meta.filename, [path], {
    env: { ...process.env, TEGATA_TEST_ROLE: name },
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
  });
}

/** Kills the writer without warning once it has acknowledged so many lines; the whole lines it wrote. */
async function killAfter(child: ChildProcess, lines: number): Promise<readonly (readonly string[])[]> {
  let text = '';
  const closed = once(child, 'close');
  child.stdout?.on('data', (chunk: Buffer) => {
    text += chunk.toString();
    if (text.split('\n').length > lines) child.kill('SIGKILL');
  });
  const [, signal] = await closed;
  assert.equal(signal, 'SIGKILL');
  const whole = text.split('\n').slice(0, -1);
  return whole.map((line) => line.split(' '));
}

async function checkAcknowledged(store: Store, lines: readonly (readonly string[])[]): Promise<void> {
  for (const [what, first = '', second = ''] of lines) {
    if (what === 'stored') assert.notEqual(await store.tokens.peekCode(handleOf(first), now), undefined, first);
    if (what === 'redeemed') {
      assert.notEqual(await store.tokens.peekRefresh(handleOf(second), now), undefined, 'minted in the same unit');
      assert.notEqual((await store.tokens.peekCode(handleOf(first), now))?.spentAt, undefined, first);
    }
    if (what === 'rotated') {
      assert.equal((await store.tokens.peekRefresh(handleOf(first), now))?.successor, second);
      assert.notEqual(await store.tokens.peekRefresh(handleOf(second), now), undefined, second);
    }
    if (what === 'seen') assert.equal(await store.replay.firstSeen('jti', sha256(first), now, now + day), false, first);
  }
  const redeemed = lines.filter(([what]) => what === 'redeemed').map(([, code = '']) => code);
  assert.deepEqual(await redeemAll(store, redeemed), [], 'no code works a second time');
}

if (role !== undefined) {
  const store = unwrap(await openStore(`sqlite:${process.argv[2]}`));
  await (role === 'writer' ? writeUntilKilled(store) : race(store));
} else {
  describe('SQLite across processes', () => {
    let folder: string;
    before(() => {
      folder = mkdtempSync(join(tmpdir(), 'tegata-crash-'));
    });
    after(() => rmSync(folder, { recursive: true }));

    it('has everything it acknowledged after kill -9, and single use stays single use, three times over', async () => {
      const path = join(folder, 'killed.db');
      const all: (readonly string[])[] = [];
      for (const lines of [300, 1500, 4000]) {
        all.push(...(await killAfter(startRole('writer', path), lines)));
        const store = unwrap(await openStore(`sqlite:${path}`));
        await checkAcknowledged(store, all);
        await store.close();
      }
      assert.ok(all.length >= 5800, 'the writers were at work when they were killed');
    });

    it('serves two processes on one file: each code works in exactly one of them', async () => {
      const path = join(folder, 'shared.db');
      const store = unwrap(await openStore(`sqlite:${path}`));
      const codes = Array.from({ length: 400 }, newId);
      await Promise.all(codes.map((code) => store.tokens.putCode(tokenOf(code))));
      const child = startRole('racer', path);
      await once(child, 'message');
      const answer = once(child, 'message') as Promise<[string[]]>;
      child.send(codes.toReversed());
      const here = await redeemAll(store, codes);
      const [there] = await answer;
      assert.equal(here.length + there.length, codes.length);
      assert.equal(new Set([...here, ...there]).size, codes.length);
      await store.close();
      if (child.exitCode === null) await once(child, 'exit');
    });
  });
}
