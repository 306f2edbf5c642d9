import assert from 'node:assert/strict';
import { test } from 'node:test';
import { minute } from '@tegata/core/time/duration';
import type { Revocation, RevocationStore } from '../../ports/stores/revocations.ts';
import { createRevocationList } from './revocation-list.ts';

const token = { jti: 'j', family: 'f', clientId: 'c', issuedAt: 1000 };
const revocation = (kind: Revocation['kind'], value: string, revokedAt = 1000): Revocation => ({
  kind,
  value,
  revokedAt,
  expiresAt: revokedAt + 10 * minute,
});

function createStore(): RevocationStore & { readonly stored: Revocation[]; readonly asked: number[] } {
  const stored: Revocation[] = [];
  const asked: number[] = [];
  return {
    stored,
    asked,
    add: async (added) => void stored.push(added),
    async since(since) {
      asked.push(since);
      return stored.filter(({ revokedAt }) => revokedAt >= since);
    },
  };
}

test('a token is revoked by its jti, by its family, or with its client', () => {
  for (const [kind, value] of [
    ['jti', 'j'],
    ['family', 'f'],
    ['client', 'c'],
  ] as const) {
    const list = createRevocationList(createStore());
    assert.equal(list.isRevoked(token), false);
    list.add(revocation(kind, value));
    assert.equal(list.isRevoked(token), true, kind);
    assert.equal(list.isRevoked({ ...token, jti: 'x', family: undefined, clientId: 'x' }), false, kind);
  }
});

test('tokens of a client that was removed and added again live when they are younger than the removal', () => {
  const list = createRevocationList(createStore());
  list.add(revocation('client', 'c', 1000));
  assert.equal(list.isRevoked({ ...token, issuedAt: 2000 }), false);
  list.add(revocation('client', 'c', 3000));
  list.add(revocation('client', 'c', 500));
  assert.equal(list.isRevoked({ ...token, issuedAt: 2000 }), true);
});

test('polls fetch everything first, then overlap by two minutes because clocks differ', async () => {
  const store = createStore();
  const list = createRevocationList(store);
  await list.poll(10 * minute);
  store.stored.push(revocation('jti', 'j', 9 * minute));
  assert.equal(list.isRevoked(token), false);
  await list.poll(11 * minute);
  assert.equal(list.isRevoked(token), true);
  assert.deepEqual(store.asked, [0, 8 * minute]);
});

test('a failing poll is reported, and the next one makes up for it', async () => {
  const store = createStore();
  let failing = true;
  const list = createRevocationList({
    ...store,
    since: (since, now) => (failing ? Promise.reject(new Error('away')) : store.since(since, now)),
  });
  store.stored.push(revocation('jti', 'j'));
  await assert.rejects(list.poll(minute), /away/);
  failing = false;
  await list.poll(2 * minute);
  assert.equal(list.isRevoked(token), true);
});

test('what no live token can concern is forgotten', async () => {
  const list = createRevocationList(createStore());
  list.add(revocation('jti', 'j', 1000));
  await list.poll(1000 + 10 * minute - 1);
  assert.equal(list.isRevoked(token), true);
  await list.poll(1000 + 10 * minute);
  assert.equal(list.isRevoked(token), false);
});
