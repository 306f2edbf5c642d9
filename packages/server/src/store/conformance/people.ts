/** Proves what the ports of users, sessions and consents promise. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { day, hour, second } from '@tegata/core/time/duration';
import type { Store } from '../../ports/store.ts';
import { countOf, newAccess, newDigest, newId, newUser, now, together, tokenValue } from './fixtures.ts';
import type { Nodes, Subject } from './subject.ts';

export function usersSuite(subject: Subject): void {
  describe('users', () => {
    let nodes: Nodes;
    let store: Store;
    before(async () => {
      nodes = await subject.open();
      store = nodes.store;
    });
    after(() => nodes.close());

    it('are none at first, and read back as stored', async () => {
      assert.equal(await store.users.any(), false);
      const full = newUser({ email: 'aiko@example.org', locale: 'ja', administrator: false, disabled: true });
      const { name: _, passwordHash: __, ...bare } = newUser();
      for (const user of [full, bare]) {
        assert.equal(await store.users.add(user), 'added');
        assert.deepEqual(await store.users.load(user.subject), user);
      }
      assert.equal(await store.users.any(), true);
      assert.equal(await store.users.load('usr_unknown'), undefined);
    });

    const sameName: Record<string, readonly [string, string]> = {
      'letter case': ['Aiko', 'aIKO'],
      'compatibility forms': ['Ａｉｋｏ２', 'aiko2'],
      'sharp s': ['Straße', 'STRASSE'],
      'composed accents': ['Zoe\u0301', 'zoé'],
    };
    for (const [difference, [taken, wanted]] of Object.entries(sameName)) {
      it(`have names that do not differ by ${difference} alone`, async () => {
        const user = newUser({ username: taken });
        assert.equal(await store.users.add(user), 'added');
        assert.equal(await store.users.add(newUser({ username: wanted })), 'exists');
        assert.equal((await store.users.findByUsername(wanted))?.subject, user.subject);
      });
    }

    it('are replaced by one of 20 callers who saw the same version', async () => {
      const user = newUser();
      await store.users.add(user);
      const outcomes = await together(20, (at) =>
        (at % 2 === 0 ? store : nodes.other).users.replace(
          { ...user, name: `Name ${at}`, updatedAt: now + 1 + at },
          now,
        ),
      );
      assert.equal(
        countOf(outcomes, (outcome) => outcome === 'replaced'),
        1,
      );
      assert.equal(
        countOf(outcomes, (outcome) => outcome === 'conflict'),
        19,
      );
      const winner = outcomes.indexOf('replaced');
      assert.equal((await store.users.load(user.subject))?.name, `Name ${winner}`);
    });

    it('cannot take the name of another one, or be replaced when unknown', async () => {
      const [one, other] = [newUser(), newUser()];
      await store.users.add(one);
      await store.users.add(other);
      const renamed = { ...one, username: other.username.toUpperCase() };
      assert.equal(await store.users.replace(renamed, now), 'conflict');
      assert.equal(await store.users.replace(newUser(), now), 'unknown');
    });
  });
}

export function throttleSuite(subject: Subject): void {
  describe('failed sign-ins', () => {
    const delays = [0, 0, second, 5 * second];
    let nodes: Nodes;
    let store: Store;
    before(async () => {
      nodes = await subject.open();
      store = nodes.store;
    });
    after(() => nodes.close());

    it('block for the delay of their number, the last one for all further', async () => {
      const key = newId();
      assert.deepEqual(await store.users.throttle(key, now), { failures: 0, blockedUntil: 0 });
      const states = [];
      for (let at = 0; at < 4; at++) states.push(await store.users.recordFailure(key, now, delays));
      assert.deepEqual(states, [
        { failures: 1, blockedUntil: now },
        { failures: 2, blockedUntil: now + second },
        { failures: 3, blockedUntil: now + 5 * second },
        { failures: 4, blockedUntil: now + 5 * second },
      ]);
      assert.deepEqual(await store.users.throttle(key, now), states[3]);
    });

    it('are all counted when they come at the same time on two nodes', async () => {
      const key = newId();
      await together(40, (at) => (at % 2 === 0 ? store : nodes.other).users.recordFailure(key, now, delays));
      assert.equal((await store.users.throttle(key, now)).failures, 40);
    });

    it('are forgotten on success and a day after the last block', async () => {
      const key = newId();
      await store.users.recordFailure(key, now, delays);
      await store.users.clearFailures(key);
      assert.equal((await store.users.throttle(key, now)).failures, 0);
      await store.users.recordFailure(key, now, delays);
      assert.equal((await store.users.throttle(key, now + day)).failures, 0);
      assert.equal((await store.users.recordFailure(key, now + day, delays)).failures, 1);
    });
  });
}

export function sessionsSuite(subject: Subject): void {
  describe('sessions', () => {
    let nodes: Nodes;
    let store: Store;
    before(async () => {
      nodes = await subject.open();
      store = nodes.store;
    });
    after(() => nodes.close());

    async function start(who: string, replaces?: { id: string; digest: Uint8Array }) {
      const session = {
        id: newId(),
        subject: who,
        authTime: now,
        amr: ['pwd', 'otp'],
        createdAt: now,
        expiresAt: now + hour,
      };
      const handle = { id: session.id, digest: newDigest() };
      await store.sessions.start(session, handle.digest, replaces);
      return { session, handle };
    }

    it('are found by their secret until they expire', async () => {
      const { session, handle } = await start('usr_1');
      assert.deepEqual(await store.sessions.load(handle, now), session);
      assert.equal(await store.sessions.load({ ...handle, digest: newDigest() }, now), undefined);
      assert.equal(await store.sessions.load(handle, session.expiresAt), undefined);
    });

    it('end the one they replace, but not with a wrong secret', async () => {
      const old = await start('usr_1');
      await start('usr_1', { ...old.handle, digest: newDigest() });
      assert.notEqual(await store.sessions.load(old.handle, now), undefined);
      await start('usr_1', old.handle);
      assert.equal(await store.sessions.load(old.handle, now), undefined);
    });

    it('end alone or all of one subject', async () => {
      const who = `usr_${newId()}`;
      const started = [await start(who), await start(who), await start(who)];
      const other = await start('usr_other');
      await store.sessions.end(started[0]?.handle.id ?? '');
      assert.equal(await store.sessions.endAll(who), 2);
      for (const { handle } of started) assert.equal(await store.sessions.load(handle, now), undefined);
      assert.notEqual(await store.sessions.load(other.handle, now), undefined);
    });
  });
}

export function consentsSuite(subject: Subject): void {
  describe('consents', () => {
    let nodes: Nodes;
    let store: Store;
    before(async () => {
      nodes = await subject.open();
      store = nodes.store;
    });
    after(() => nodes.close());

    it('grow by what is allowed, also when it is allowed twelve times at once', async () => {
      const pair = { subject: `usr_${newId()}`, clientId: newId() };
      await together(12, (at) =>
        (at % 2 === 0 ? store : nodes.other).consents.remember({
          ...pair,
          scopes: ['openid', `scope-${at}`],
          resources: [`https://api-${at}.example/`],
          grantedAt: now + at,
        }),
      );
      const consent = await store.consents.load(pair.subject, pair.clientId);
      assert.deepEqual(
        [...(consent?.scopes ?? [])].sort(),
        ['openid', ...Array.from({ length: 12 }, (_, at) => `scope-${at}`)].sort(),
      );
      assert.equal(consent?.resources.length, 12);
      assert.equal(await store.consents.load(pair.subject, 'another client'), undefined);
    });

    it('are listed for their subject, the latest first', async () => {
      const who = `usr_${newId()}`;
      const consent = (clientId: string, grantedAt: number) => ({
        subject: who,
        clientId,
        scopes: ['openid'],
        resources: [],
        grantedAt,
      });
      await store.consents.remember(consent('first', now));
      await store.consents.remember(consent('second', now + 1));
      assert.deepEqual(await store.consents.list(who), [consent('second', now + 1), consent('first', now)]);
      assert.deepEqual(await store.consents.list('usr_nobody'), []);
    });

    it('take the tokens of their pair with them when revoked, and no others', async () => {
      const mine = tokenValue({ subject: `usr_${newId()}`, clientId: newId() });
      const [gone, kept] = [newAccess(newId(), mine), newAccess(newId(), { ...mine, clientId: newId() })];
      await store.tokens.putAccess(gone);
      await store.tokens.putAccess(kept);
      await store.consents.remember({ ...mine, grantedAt: now });
      await store.consents.revoke(mine.subject, mine.clientId, now);
      assert.equal(await store.consents.load(mine.subject, mine.clientId), undefined);
      assert.equal(await store.tokens.loadAccess(gone.handle, now), undefined);
      assert.notEqual(await store.tokens.loadAccess(kept.handle, now), undefined);
      const recorded = await store.revocations.since(now, now);
      assert.deepEqual(
        recorded.map(({ kind, value }) => ({ kind, value })),
        [{ kind: 'family', value: gone.family }],
      );
    });
  });
}
