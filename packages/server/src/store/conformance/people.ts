/** Proves what the ports of users, sessions and consents promise. */
import assert from 'node:assert/strict';
import { day, hour, second } from '@tegata/core/time/duration';
import type { Store } from '../../ports/store.ts';
import { countOf, newAccess, newDigest, newId, newUser, now, together, tokenValue } from './fixtures.ts';
import type { Suite } from './suite.ts';

/** Two spellings of one name each. */
const sameNames: Readonly<Record<string, readonly [string, string]>> = {
  'letter case': ['Aiko', 'aIKO'],
  'compatibility forms': ['Ａｉｋｏ２', 'aiko2'],
  'sharp s': ['Straße', 'STRASSE'],
  'composed accents': ['Zoe\u0301', 'zoé'],
};

export const usersSuite: Suite = {
  title: 'users',
  cases: {
    'are none at first, and read back as stored': async ({ store }) => {
      assert.equal(await store.users.any(), false);
      const full = newUser({ email: 'aiko@example.org', locale: 'ja', administrator: false, disabled: true });
      const { name: _, passwordHash: __, ...bare } = newUser();
      for (const user of [full, bare]) {
        assert.equal(await store.users.add(user), 'added');
        assert.deepEqual(await store.users.load(user.subject), user);
      }
      assert.equal(await store.users.any(), true);
      assert.equal(await store.users.load('usr_unknown'), undefined);
    },

    'have names that do not differ by letter case, compatibility forms or accents alone': async ({ store }) => {
      for (const [difference, [taken, wanted]] of Object.entries(sameNames)) {
        const user = newUser({ username: taken });
        assert.equal(await store.users.add(user), 'added', difference);
        assert.equal(await store.users.add(newUser({ username: wanted })), 'exists', difference);
        assert.equal((await store.users.findByUsername(wanted))?.subject, user.subject, difference);
      }
    },

    'are replaced by one of 20 callers who saw the same version': async ({ store, other }) => {
      const user = newUser();
      await store.users.add(user);
      const outcomes = await together(20, (at) =>
        (at % 2 === 0 ? store : other).users.replace({ ...user, name: `Name ${at}`, updatedAt: now + 1 + at }, now),
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
    },

    'cannot take the name of another one, or be replaced when unknown': async ({ store }) => {
      const [one, other] = [newUser(), newUser()];
      await store.users.add(one);
      await store.users.add(other);
      const renamed = { ...one, username: other.username.toUpperCase() };
      assert.equal(await store.users.replace(renamed, now), 'conflict');
      assert.equal(await store.users.replace(newUser(), now), 'unknown');
    },
  },
};

const delays = [0, 0, second, 5 * second];

export const throttleSuite: Suite = {
  title: 'failed sign-ins',
  cases: {
    'block for the delay of their number, the last one for all further': async ({ store }) => {
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
    },

    'are all counted when they come at the same time on two nodes': async ({ store, other }) => {
      const key = newId();
      await together(40, (at) => (at % 2 === 0 ? store : other).users.recordFailure(key, now, delays));
      assert.equal((await store.users.throttle(key, now)).failures, 40);
    },

    'are forgotten on success and a day after the last block': async ({ store }) => {
      const key = newId();
      await store.users.recordFailure(key, now, delays);
      await store.users.clearFailures(key);
      assert.equal((await store.users.throttle(key, now)).failures, 0);
      await store.users.recordFailure(key, now, delays);
      assert.equal((await store.users.throttle(key, now + day)).failures, 0);
      assert.equal((await store.users.recordFailure(key, now + day, delays)).failures, 1);
    },
  },
};

async function start(store: Store, who: string, replaces?: { id: string; digest: Uint8Array }) {
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

export const sessionsSuite: Suite = {
  title: 'sessions',
  cases: {
    'are found by their secret until they expire': async ({ store }) => {
      const { session, handle } = await start(store, 'usr_1');
      assert.deepEqual(await store.sessions.load(handle, now), session);
      assert.equal(await store.sessions.load({ ...handle, digest: newDigest() }, now), undefined);
      assert.equal(await store.sessions.load(handle, session.expiresAt), undefined);
    },

    'end the one they replace, but not with a wrong secret': async ({ store }) => {
      const old = await start(store, 'usr_1');
      await start(store, 'usr_1', { ...old.handle, digest: newDigest() });
      assert.notEqual(await store.sessions.load(old.handle, now), undefined);
      await start(store, 'usr_1', old.handle);
      assert.equal(await store.sessions.load(old.handle, now), undefined);
    },

    'end alone or all of one subject': async ({ store }) => {
      const who = `usr_${newId()}`;
      const started = [await start(store, who), await start(store, who), await start(store, who)];
      const other = await start(store, 'usr_other');
      await store.sessions.end(started[0]?.handle.id ?? '');
      assert.equal(await store.sessions.endAll(who), 2);
      for (const { handle } of started) assert.equal(await store.sessions.load(handle, now), undefined);
      assert.notEqual(await store.sessions.load(other.handle, now), undefined);
    },
  },
};

export const consentsSuite: Suite = {
  title: 'consents',
  cases: {
    'grow by what is allowed, also when it is allowed twelve times at once': async ({ store, other }) => {
      const pair = { subject: `usr_${newId()}`, clientId: newId() };
      await together(12, (at) =>
        (at % 2 === 0 ? store : other).consents.remember({
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
    },

    'are listed for their subject, the latest first': async ({ store }) => {
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
    },

    'take the tokens of their pair with them when revoked, and no others': async ({ store }) => {
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
    },
  },
};
