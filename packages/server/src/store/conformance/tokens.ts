/** Proves what the token port promises: single use under races, rotation with grace, families that end as a whole. */
import assert from 'node:assert/strict';
import { day, minute, second } from '@tegata/core/time/duration';
import type { Store } from '../../ports/store.ts';
import { countOf, newAccess, newCode, newDigest, newId, newRefresh, now, together, tokenValue } from './fixtures.ts';
import type { Suite } from './suite.ts';

export const codesSuite: Suite = {
  title: 'authorization codes',
  cases: {
    'are read back as stored until they expire': async ({ store }) => {
      const code = newCode(newId());
      await store.tokens.putCode(code);
      assert.deepEqual(await store.tokens.peekCode(code.handle, now), {
        id: code.handle.id,
        family: code.family,
        value: code.value,
        createdAt: code.createdAt,
        expiresAt: code.expiresAt,
        revoked: false,
      });
      assert.notEqual(await store.tokens.peekCode(code.handle, code.expiresAt - 1), undefined);
      assert.equal(await store.tokens.peekCode(code.handle, code.expiresAt), undefined);
    },

    'are unknown with another secret, which spends nothing': async ({ store }) => {
      const code = newCode(newId());
      await store.tokens.putCode(code);
      const guess = { id: code.handle.id, digest: newDigest() };
      assert.equal(await store.tokens.peekCode(guess, now), undefined);
      assert.deepEqual(await store.tokens.redeemCode(guess, {}, now), { outcome: 'unknown' });
      assert.deepEqual(await store.tokens.redeemCode(code.handle, {}, now), { outcome: 'first' });
    },

    'are unknown after they have expired': async ({ store }) => {
      const code = newCode(newId());
      await store.tokens.putCode(code);
      assert.deepEqual(await store.tokens.redeemCode(code.handle, {}, code.expiresAt), { outcome: 'unknown' });
    },

    'are exchanged for tokens of their family': async ({ store }) => {
      const code = newCode(newId());
      const refresh = newRefresh(code.family);
      const access = newAccess(code.family);
      await store.tokens.putCode(code);
      assert.deepEqual(await store.tokens.redeemCode(code.handle, { refresh, access }, now + 5), { outcome: 'first' });
      assert.equal((await store.tokens.peekCode(code.handle, now))?.spentAt, now + 5);
      assert.deepEqual((await store.tokens.peekRefresh(refresh.handle, now))?.value, refresh.value);
      assert.equal((await store.tokens.loadAccess(access.handle, now))?.family, code.family);
    },

    'give exactly one success to 200 callers on two nodes, and none of its tokens survives': async ({
      store,
      other,
    }) => {
      const code = newCode(newId());
      await store.tokens.putCode(code);
      const refreshes = Array.from({ length: 200 }, () => newRefresh(code.family));
      const outcomes = await together(200, (at) => {
        const node = at % 2 === 0 ? store : other;
        const refresh = refreshes[at];
        return node.tokens.redeemCode(code.handle, refresh === undefined ? {} : { refresh }, now);
      });
      assert.equal(
        countOf(outcomes, ({ outcome }) => outcome === 'first'),
        1,
      );
      assert.equal(
        countOf(outcomes, ({ outcome }) => outcome === 'reused'),
        199,
      );
      const minted = await Promise.all(refreshes.map(({ handle }) => store.tokens.peekRefresh(handle, now)));
      assert.equal(
        countOf(minted, (token) => token !== undefined),
        1,
        'only the winner stored a token',
      );
      assert.equal(
        countOf(minted, (token) => token?.revoked === false),
        0,
        'reuse ended the family',
      );
    },

    'revoke their family when they come back, and say so to those who check JWTs': async ({ store }) => {
      const code = newCode(newId());
      const access = newAccess(code.family);
      await store.tokens.putCode(code);
      await store.tokens.redeemCode(code.handle, { access }, now);
      const again = await store.tokens.redeemCode(code.handle, {}, now + second);
      assert.deepEqual(again, { outcome: 'reused', family: code.family });
      assert.equal(await store.tokens.loadAccess(access.handle, now + second), undefined);
      const recorded = await store.revocations.since(now + second, now + second);
      assert.ok(recorded.some(({ kind, value }) => kind === 'family' && value === code.family));
    },

    'are unknown when their family was revoked before they were used': async ({ store }) => {
      const code = newCode(newId());
      await store.tokens.putCode(code);
      await store.tokens.revokeFamily(code.family, now, now + day);
      assert.deepEqual(await store.tokens.redeemCode(code.handle, {}, now), { outcome: 'unknown' });
      assert.equal((await store.tokens.peekCode(code.handle, now))?.revoked, true);
    },
  },
};

const grace = 10 * second;

async function issued(store: Store) {
  const code = newCode(newId());
  const refresh = newRefresh(code.family);
  await store.tokens.putCode(code);
  await store.tokens.redeemCode(code.handle, { refresh }, now);
  return refresh;
}

export const refreshSuite: Suite = {
  title: 'refresh tokens',
  cases: {
    'rotate: the old one is spent and names its successor, the new one works': async ({ store }) => {
      const old = await issued(store);
      const next = newRefresh(old.family);
      const access = newAccess(old.family);
      const rotated = await store.tokens.rotateRefresh(old.handle, { refresh: next, access }, now + 1, grace);
      assert.deepEqual(rotated, { outcome: 'rotated' });
      const spent = await store.tokens.peekRefresh(old.handle, now + 1);
      assert.deepEqual([spent?.spentAt, spent?.successor], [now + 1, next.handle.id]);
      assert.equal((await store.tokens.peekRefresh(next.handle, now + 1))?.spentAt, undefined);
      assert.notEqual(await store.tokens.loadAccess(access.handle, now + 1), undefined);
    },

    'rotate once for 100 callers on two nodes; within the grace period the others get the same successor': async ({
      store,
      other,
    }) => {
      const old = await issued(store);
      const next = newRefresh(old.family);
      const outcomes = await together(100, (at) =>
        (at % 2 === 0 ? store : other).tokens.rotateRefresh(old.handle, { refresh: next }, now, grace),
      );
      assert.equal(
        countOf(outcomes, ({ outcome }) => outcome === 'rotated'),
        1,
      );
      const repeated = { outcome: 'repeated', successor: next.handle.id, family: old.family };
      for (const other of outcomes.filter(({ outcome }) => outcome !== 'rotated')) assert.deepEqual(other, repeated);
      assert.equal((await store.tokens.peekRefresh(next.handle, now))?.revoked, false);
    },

    'revoke the family when they come back after the grace period': async ({ store }) => {
      const old = await issued(store);
      const next = newRefresh(old.family);
      await store.tokens.rotateRefresh(old.handle, { refresh: next }, now, grace);
      const late = await store.tokens.rotateRefresh(
        old.handle,
        { refresh: newRefresh(old.family) },
        now + grace,
        grace,
      );
      assert.deepEqual(late, { outcome: 'reused', family: old.family });
      assert.equal((await store.tokens.peekRefresh(next.handle, now + grace))?.revoked, true);
      const further = await store.tokens.rotateRefresh(next.handle, { refresh: newRefresh(old.family) }, now, grace);
      assert.deepEqual(further, { outcome: 'unknown' });
    },

    'revoke the family when the successor has been used, even within the grace period': async ({ store }) => {
      const old = await issued(store);
      const next = newRefresh(old.family);
      await store.tokens.rotateRefresh(old.handle, { refresh: next }, now, grace);
      await store.tokens.rotateRefresh(next.handle, { refresh: newRefresh(old.family) }, now + 1, grace);
      const replay = await store.tokens.rotateRefresh(old.handle, { refresh: newRefresh(old.family) }, now + 2, grace);
      assert.deepEqual(replay, { outcome: 'reused', family: old.family });
    },

    'have no grace at all when it is 0': async ({ store }) => {
      const old = await issued(store);
      await store.tokens.rotateRefresh(old.handle, { refresh: newRefresh(old.family) }, now, 0);
      const again = await store.tokens.rotateRefresh(old.handle, { refresh: newRefresh(old.family) }, now, 0);
      assert.equal(again.outcome, 'reused');
    },

    'are unknown when expired, never issued, or presented with another secret': async ({ store }) => {
      const refresh = await issued(store);
      const tokens = { refresh: newRefresh(refresh.family) };
      const guess = { id: refresh.handle.id, digest: newDigest() };
      const never = { id: newId(), digest: newDigest() };
      const outcomes = [
        await store.tokens.rotateRefresh(refresh.handle, tokens, refresh.expiresAt, grace),
        await store.tokens.rotateRefresh(guess, tokens, now, grace),
        await store.tokens.rotateRefresh(never, tokens, now, grace),
      ];
      assert.deepEqual(outcomes, Array(3).fill({ outcome: 'unknown' }));
      assert.equal(await store.tokens.peekRefresh(refresh.handle, refresh.expiresAt), undefined);
      assert.equal((await store.tokens.peekRefresh(refresh.handle, now))?.spentAt, undefined);
    },

    'keep their family alive however often they rotate and whatever the purge does': async ({ store }) => {
      let refresh = await issued(store);
      for (let step = 1; step <= 8; step++) {
        const at = now + step * 25 * day;
        const next = { ...newRefresh(refresh.family), createdAt: at, expiresAt: at + 30 * day };
        const outcome = await store.tokens.rotateRefresh(refresh.handle, { refresh: next }, at, grace);
        assert.deepEqual(outcome, { outcome: 'rotated' }, `rotation ${step}`);
        await store.purge(at, 1000);
        refresh = next;
      }
    },
  },
};

export const familiesSuite: Suite = {
  title: 'token families',
  cases: {
    'end one opaque access token without ending the others': async ({ store }) => {
      const access = newAccess(newId());
      const sibling = newAccess(access.family);
      await store.tokens.putAccess(access);
      await store.tokens.putAccess(sibling);
      assert.equal(await store.tokens.revokeAccess({ ...access.handle, digest: newDigest() }, now), false);
      assert.equal(await store.tokens.revokeAccess(access.handle, now), true);
      assert.equal(await store.tokens.revokeAccess(access.handle, now), false);
      assert.equal(await store.tokens.loadAccess(access.handle, now), undefined);
      assert.deepEqual((await store.tokens.loadAccess(sibling.handle, now))?.value, sibling.value);
      assert.equal(await store.tokens.loadAccess(sibling.handle, sibling.expiresAt), undefined);
    },

    'end every token at once, also ones stored afterwards': async ({ store }) => {
      const refresh = newRefresh(newId());
      const access = newAccess(refresh.family);
      const code = newCode(refresh.family);
      await store.tokens.putCode(code);
      await store.tokens.redeemCode(code.handle, { refresh, access }, now);
      await store.tokens.revokeFamily(refresh.family, now, now + day);
      const late = newAccess(refresh.family);
      await store.tokens.putAccess(late);
      assert.equal(await store.tokens.loadAccess(access.handle, now), undefined);
      assert.equal(await store.tokens.loadAccess(late.handle, now), undefined);
      assert.equal((await store.tokens.peekRefresh(refresh.handle, now))?.revoked, true);
    },

    'of one subject end together, and nobody else’s': async ({ store }) => {
      const subjectValue = tokenValue({ subject: `usr_${newId()}` });
      const mine = [newAccess(newId(), subjectValue), newAccess(newId(), subjectValue)];
      const theirs = newAccess(newId(), tokenValue({ subject: `usr_${newId()}` }));
      for (const token of [...mine, theirs]) await store.tokens.putAccess(token);
      assert.equal(await store.tokens.revokeSubject(subjectValue.subject, now + 5, now + day), 2);
      assert.equal(await store.tokens.revokeSubject(subjectValue.subject, now + 6, now + day), 0);
      for (const { handle } of mine) assert.equal(await store.tokens.loadAccess(handle, now), undefined);
      assert.notEqual(await store.tokens.loadAccess(theirs.handle, now), undefined);
      const recorded = await store.revocations.since(now + 5, now + 5);
      const families = recorded.filter(({ revokedAt }) => revokedAt === now + 5).map(({ value }) => value);
      assert.deepEqual(families.sort(), mine.map(({ family }) => family).sort());
    },

    'are listed as revoked from a moment on, until the last token has expired': async ({ store }) => {
      const [early, late] = [newId(), newId()];
      await store.tokens.revokeFamily(early, now + minute, now + 2 * minute);
      await store.revocations.add({ kind: 'jti', value: late, revokedAt: now + 2 * minute, expiresAt: now + day });
      const values = async (since: number, at: number) =>
        (await store.revocations.since(since, at)).map(({ value }) => value).filter((v) => v === early || v === late);
      assert.deepEqual(await values(now + minute, now + minute), [early, late]);
      assert.deepEqual(await values(now + minute + 1, now + minute), [late]);
      assert.deepEqual(await values(now, now + 2 * minute), [late]);
    },

    'remember a repeated revocation for the longer of its times': async ({ store }) => {
      const value = newId();
      await store.revocations.add({ kind: 'jti', value, revokedAt: now, expiresAt: now + day });
      await store.revocations.add({ kind: 'jti', value, revokedAt: now + 1, expiresAt: now + minute });
      const found = (await store.revocations.since(0, now)).find((revocation) => revocation.value === value);
      assert.deepEqual(found, { kind: 'jti', value, revokedAt: now + 1, expiresAt: now + day });
    },
  },
};
