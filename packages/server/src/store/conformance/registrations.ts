/** Proves what the ports of clients, keys and the audit trail promise. */
import assert from 'node:assert/strict';
import type { AuditEvent } from '../../ports/audit.ts';
import type { Page, PageRequest } from '../../ports/stores/page.ts';
import { countOf, newAccess, newClient, newId, newKey, now, together, tokenValue } from './fixtures.ts';
import type { Suite } from './suite.ts';

async function readAll<T>(list: (page: PageRequest) => Promise<Page<T>>, limit: number): Promise<readonly T[]> {
  const items: T[] = [];
  for (let page = await list({ limit }); ; page = await list({ limit, after: page.cursor ?? '' })) {
    assert.ok(page.items.length <= limit, 'no page is longer than asked');
    items.push(...page.items);
    if (page.cursor === undefined) return items;
  }
}

export const clientsSuite: Suite = {
  title: 'clients',
  cases: {
    'are listed page by page, each once, also when made in the same millisecond': async ({ store }) => {
      const clients = Array.from({ length: 25 }, (_, at) => newClient({ createdAt: now + Math.floor(at / 10) }));
      for (const client of clients) await store.clients.add(client);
      const listed = await readAll((page) => store.clients.list(page), 7);
      assert.equal(new Set(listed.map(({ clientId }) => clientId)).size, 25);
      assert.deepEqual(
        listed.map(({ createdAt }) => createdAt),
        clients.map(({ createdAt }) => createdAt),
      );
      assert.equal((await store.clients.list({ limit: 25 })).cursor, undefined, 'a full last page has no cursor');
    },

    'are listed from the start for a cursor that is none of ours': async ({ store }) => {
      const [first] = (await store.clients.list({ limit: 1 })).items;
      for (const after of [
        '',
        'x',
        Buffer.from('[1]').toString('base64url'),
        Buffer.from('{}').toString('base64url'),
      ]) {
        assert.deepEqual((await store.clients.list({ limit: 1, after })).items, [first], `cursor ${after}`);
      }
    },

    'are added once and read back as stored': async ({ store }) => {
      const { secretDigest: _, ...bare } = newClient();
      const full = newClient({ registrationTokenDigest: new Uint8Array([1, 2, 3]) });
      for (const client of [bare, full]) {
        assert.equal(await store.clients.add(client), 'added');
        assert.equal(await store.clients.add(client), 'exists');
        assert.deepEqual(await store.clients.load(client.clientId), client);
      }
    },

    'are replaced by one of 20 callers who saw the same version': async ({ store, other }) => {
      const client = newClient();
      await store.clients.add(client);
      const before = await store.clients.version();
      const outcomes = await together(20, (at) =>
        (at % 2 === 0 ? store : other).clients.replace({ ...client, metadata: { at }, version: 2 }),
      );
      assert.equal(
        countOf(outcomes, (outcome) => outcome === 'replaced'),
        1,
      );
      assert.equal(
        countOf(outcomes, (outcome) => outcome === 'conflict'),
        19,
      );
      assert.notEqual(await other.clients.version(), before, 'the other node notices the change');
      assert.equal(await store.clients.replace({ ...newClient(), version: 2 }), 'unknown');
    },

    'take consents and tokens with them when removed': async ({ store }) => {
      const client = newClient();
      const value = tokenValue({ clientId: client.clientId });
      const access = newAccess(newId(), value);
      await store.clients.add(client);
      await store.tokens.putAccess(access);
      await store.consents.remember({ ...value, grantedAt: now });
      const before = await store.clients.version();
      assert.equal(await store.clients.remove(client.clientId, now), true);
      assert.equal(await store.clients.remove(client.clientId, now), false);
      assert.equal(await store.clients.load(client.clientId), undefined);
      assert.equal(await store.consents.load(value.subject, client.clientId), undefined);
      assert.equal(await store.tokens.loadAccess(access.handle, now), undefined);
      const recorded = await store.revocations.since(now, now);
      assert.ok(recorded.some(({ kind, value: revoked }) => kind === 'client' && revoked === client.clientId));
      assert.notEqual(await store.clients.version(), before);
    },
  },
};

export const keysSuite: Suite = {
  title: 'keys',
  cases: {
    'are made once by 20 starters on two nodes': async ({ store, other }) => {
      const onlyIfNone = { purpose: 'root-ca', algorithm: 'ES256' } as const;
      const outcomes = await together(20, (at) =>
        (at % 2 === 0 ? store : other).keys.add(newKey({ purpose: 'root-ca' }), { onlyIfNone }),
      );
      assert.equal(
        countOf(outcomes, (outcome) => outcome === 'added'),
        1,
      );
      assert.equal((await store.keys.list('root-ca')).length, 1);
    },

    'are made again when the one there retires before the new one begins to sign': async ({ store }) => {
      const onlyIfNone = { purpose: 'tls', algorithm: 'ES256' } as const;
      await store.keys.add(newKey({ purpose: 'tls', retiresAt: now + 10 }));
      const early = newKey({ purpose: 'tls', activeFrom: now + 9 });
      const late = newKey({ purpose: 'tls', activeFrom: now + 10 });
      assert.equal(await store.keys.add(early, { onlyIfNone }), 'exists');
      assert.equal(await store.keys.add(late, { onlyIfNone }), 'added');
    },

    'read back as stored, are updated in part and removed, and tell their version': async ({ store }) => {
      const key = newKey({ purpose: 'issuing-ca' });
      const versions = [await store.keys.version()];
      assert.equal(await store.keys.add(key), 'added');
      assert.equal(await store.keys.add(key), 'exists');
      versions.push(await store.keys.version());
      assert.deepEqual(await store.keys.list('issuing-ca'), [key]);
      assert.equal(await store.keys.update(key.keyId, { certificate: new Uint8Array([48, 0]) }), true);
      versions.push(await store.keys.version());
      assert.equal(await store.keys.update(key.keyId, { retiresAt: now + 1 }), true);
      assert.deepEqual(await store.keys.list('issuing-ca'), [
        { ...key, certificate: new Uint8Array([48, 0]), retiresAt: now + 1 },
      ]);
      assert.equal(await store.keys.remove(key.keyId), true);
      assert.equal(await store.keys.remove(key.keyId), false);
      assert.equal(await store.keys.update(key.keyId, { retiresAt: now }), false);
      versions.push(await store.keys.version());
      assert.equal(new Set(versions).size, versions.length);
    },

    'have named values that keep what was written first': async ({ store, other }) => {
      const stored = await together(20, (at) =>
        (at % 2 === 0 ? store : other).keys.putSettingOnce('salt', `value-${at}`),
      );
      assert.equal(new Set(stored).size, 1);
      assert.equal(await store.keys.setting('salt'), stored[0]);
      assert.equal(await store.keys.setting('pepper'), undefined);
    },
  },
};

export const auditSuite: Suite = {
  title: 'the audit trail',
  cases: {
    'lists every event once, the newest first, in batches of any size': async ({ store, other }) => {
      const events = Array.from(
        { length: 100 },
        (_, at): AuditEvent => ({ at: now + Math.floor(at / 40), event: `test.done_${at}`, detail: { at, ok: true } }),
      );
      await store.audit.append(events.slice(0, 1));
      await store.audit.append(events.slice(1, 80));
      await store.audit.append(events.slice(80));
      await store.audit.append([]);
      const listed = await readAll((page) => other.audit.list(page), 9);
      assert.equal(listed.length, 100);
      assert.deepEqual(
        [...listed].sort((a, b) => Number(a.detail?.at) - Number(b.detail?.at)),
        events,
      );
      assert.deepEqual(
        listed.map(({ at }) => at),
        events.map(({ at }) => at).reverse(),
      );
    },
  },
};
