import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { JsonObject } from '@tegata/core/codec/json';
import { sha256 } from '@tegata/core/crypto';
import { type AcmeKey, createAcmeKey, createCsr, signMessage } from '../../../../../test/support/acme.ts';
import {
  type Account,
  type AcmeHarness,
  type Answer,
  createAcmeHarness,
} from '../../../../../test/support/acme-harness.ts';

describe('ACME accounts', () => {
  let acme: AcmeHarness;
  let newAccount: string;

  before(async () => {
    acme = await createAcmeHarness();
    newAccount = acme.url('/acme/new-account');
  });
  after(() => acme.close());

  it('creates an account with 201, and finds it by its key with 200, unchanged', async () => {
    const key = createAcmeKey();
    const created = await acme.post(key, newAccount, { contact: ['mailto:a@example.org'], termsOfServiceAgreed: true });
    assert.equal(created.status, 201);
    const { orders, ...members } = created.json;
    assert.deepEqual(members, { status: 'valid', contact: ['mailto:a@example.org'], termsOfServiceAgreed: true });
    assert.ok((orders as string).startsWith(acme.url('/acme/orders/')));
    const found = await acme.post(key, newAccount, { contact: ['mailto:other@example.org'] });
    assert.equal(found.status, 200);
    assert.equal(found.header('location'), created.header('location'));
    assert.deepEqual(found.json, created.json);
  });

  it('makes one account of requests with one key that arrive together', async () => {
    const key = createAcmeKey();
    const answers = await Promise.all(Array.from({ length: 8 }, () => acme.post(key, newAccount, {})));
    assert.equal(new Set(answers.map((answer) => answer.header('location'))).size, 1);
    assert.equal(answers.filter(({ status }) => status === 201).length, 1);
  });

  it('creates nothing when only an existing account is wanted', async () => {
    const key = createAcmeKey();
    for (let attempt = 0; attempt < 2; attempt++) {
      const answer = await acme.post(key, newAccount, { onlyReturnExisting: true, contact: ['nonsense'] });
      assert.deepEqual([answer.status, answer.problem], [400, 'accountDoesNotExist']);
    }
    const { url } = await acme.register({}, key);
    const found = await acme.post(key, newAccount, { onlyReturnExisting: true });
    assert.deepEqual([found.status, found.header('location')], [200, url]);
  });

  it('ignores members that are the server’s or unknown', async () => {
    const answer = await acme.post(createAcmeKey(), newAccount, { status: 'revoked', orders: 'x', unknown: {} });
    assert.equal(answer.json.status, 'valid');
    assert.equal(answer.json.unknown, undefined);
  });

  for (const payload of [{ contact: 'x' }, { onlyReturnExisting: 'yes' }, { termsOfServiceAgreed: 1 }]) {
    it(`refuses ${JSON.stringify(payload)} as malformed`, async () => {
      assert.equal((await acme.post(createAcmeKey(), newAccount, payload)).problem, 'malformed');
    });
  }

  it('tells which contacts it cannot use', async () => {
    const post = (contact: string[]) => acme.post(createAcmeKey(), newAccount, { contact });
    assert.equal((await post(['tel:+491'])).problem, 'unsupportedContact');
    assert.equal((await post(['mailto:a@x,b@y'])).problem, 'invalidContact');
  });

  it('changes contacts, and nothing else', async () => {
    const account = await acme.register({ contact: ['mailto:a@example.org'] });
    const changed = await acme.post(account, account.url, {
      contact: ['mailto:b@example.org'],
      orders: 'x',
      status: 'valid',
    });
    assert.equal(changed.status, 200);
    assert.deepEqual((await acme.post(account, account.url, '')).json.contact, ['mailto:b@example.org']);
    assert.deepEqual((await acme.post(account, account.url, {})).json.contact, ['mailto:b@example.org']);
    assert.deepEqual((await acme.post(account, account.url, { contact: [] })).json.contact, []);
    assert.equal((await acme.post(account, account.url, { contact: ['x'] })).problem, 'invalidContact');
    assert.equal((await acme.post(account, account.url, { status: 'revoked' })).problem, 'malformed');
  });

  it('does not show an account to another one', async () => {
    const [mine, other] = [await acme.register(), await acme.register()];
    assert.deepEqual(outcome(await acme.post(mine, other.url, '')), [403, 'unauthorized']);
    assert.deepEqual(outcome(await acme.post(mine, other.url, { status: 'deactivated' })), [403, 'unauthorized']);
  });

  it('ends an account for good: nothing can be asked with it, and its key makes no new one', async () => {
    const account = await acme.register();
    const ready = await acme.order(account, ['gone.example']);
    const { json } = await acme.post(account, account.url, { status: 'deactivated' });
    assert.equal(json.status, 'deactivated');
    const finalize = ready.json.finalize as string;
    for (const [url, payload] of [
      [account.url, ''],
      [account.url, { status: 'valid' }],
      [ready.header('location') as string, ''],
      [finalize, { csr: createCsr(['gone.example']).csr }],
      [acme.url('/acme/new-order'), { identifiers: [{ type: 'dns', value: 'gone.example' }] }],
    ] as const) {
      assert.deepEqual(outcome(await acme.post(account, url, payload)), [401, 'unauthorized'], url);
    }
    assert.deepEqual(outcome(await acme.post(account.key, newAccount, {})), [401, 'unauthorized']);
    const [order] = await Promise.all([acme.store.orders.load(finalize.split('/').at(-2) as string, acme.clock.now())]);
    assert.equal(order?.status, 'invalid');
  });

  it('notices within a second what another node does to an account', async () => {
    const account = await acme.register();
    assert.equal((await acme.post(account, account.url, '')).status, 200);
    await acme.store.acmeAccounts.deactivate(account.url.split('/').at(-1) as string, acme.clock.now());
    acme.clock.advance(1000);
    assert.deepEqual(outcome(await acme.post(account, account.url, '')), [401, 'unauthorized']);
  });

  it('does not take a key that was reported as compromised', async () => {
    const key = createAcmeKey();
    await acme.store.certificates.blockKey(sha256(key.publicKeyInfo), acme.clock.now());
    assert.equal((await acme.post(key, newAccount, {})).problem, 'badPublicKey');
    const account = await acme.register();
    assert.equal((await rollOver(account, key)).problem, 'badPublicKey');
  });

  describe('key rollover', () => {
    it('replaces the key: the old one is refused at once, the new one works', async () => {
      const account = await acme.register();
      const key = createAcmeKey('Ed25519');
      assert.equal((await rollOver(account, key)).status, 200);
      assert.equal((await acme.post(account, account.url, '')).problem, 'malformed');
      assert.equal((await acme.post({ key, url: account.url }, account.url, '')).status, 200);
      const found = await acme.post(key, newAccount, { onlyReturnExisting: true });
      assert.equal(found.header('location'), account.url);
      assert.equal(
        (await acme.post(account.key, newAccount, { onlyReturnExisting: true })).problem,
        'accountDoesNotExist',
      );
    });

    it('refuses a key that has an account, and says whose', async () => {
      const [account, other] = [await acme.register(), await acme.register()];
      const answer = await rollOver(account, other.key);
      assert.equal(answer.status, 409);
      assert.equal(answer.header('location'), other.url);
      assert.equal((await rollOver(account, account.key)).status, 409);
      assert.equal((await acme.post(account, account.url, '')).status, 200);
    });

    it('lets exactly one of two rollovers win', async () => {
      const account = await acme.register();
      const answers = await Promise.all([rollOver(account, createAcmeKey()), rollOver(account, createAcmeKey())]);
      assert.equal(answers.filter(({ status }) => status === 200).length, 1);
      assert.ok(answers.every(({ status }) => [200, 400, 401].includes(status)));
    });

    const spoiled: readonly [string, Parameters<typeof rollOver>[2], string][] = [
      [
        'an inner request for another account',
        { inner: { account: 'https://ca.example/base/acme/account/x' } },
        'malformed',
      ],
      ['an inner request without account', { inner: { account: undefined } }, 'malformed'],
      ['another old key', { inner: { oldKey: createAcmeKey().jwk } }, 'malformed'],
      ['no old key', { inner: { oldKey: undefined } }, 'malformed'],
      ['an old key that is none', { inner: { oldKey: { kty: 'x' } } }, 'malformed'],
      ['another inner url', { header: { url: 'https://ca.example/base/acme/new-account' } }, 'malformed'],
      ['no inner url', { header: { url: undefined } }, 'malformed'],
      ['an inner nonce', { header: { nonce: 'AAAA' } }, 'malformed'],
      ['an inner kid', { header: { kid: 'x' } }, 'malformed'],
      ['no inner jwk', { header: { jwk: undefined } }, 'malformed'],
      ['an inner jwk that is another key', { header: { jwk: createAcmeKey().jwk } }, 'malformed'],
      ['an inner alg none', { header: { alg: 'none' } }, 'badSignatureAlgorithm'],
      ['a weak new key', { header: { jwk: { kty: 'oct', k: 'AA' } } }, 'badPublicKey'],
      ['an inner JWS with a member more', { extra: { header: {} } }, 'malformed'],
    ];
    for (const [what, change, type] of spoiled) {
      it(`refuses ${what}`, async () => {
        const account = await acme.register();
        const answer = await rollOver(account, createAcmeKey(), change);
        assert.deepEqual(outcome(answer), [400, type]);
        assert.equal((await acme.post(account, account.url, '')).status, 200);
      });
    }
  });

  it('asks for agreement to the terms of service when there are some', async () => {
    const terms = 'https://ca.example/terms';
    const strict = await createAcmeHarness({ endpoints: { termsOfService: terms } });
    try {
      const url = strict.url('/acme/new-account');
      const refused = await strict.post(createAcmeKey(), url, {});
      assert.deepEqual(outcome(refused), [403, 'userActionRequired']);
      assert.equal(refused.json.instance, terms);
      assert.match(refused.header('link') ?? '', /<https:\/\/ca\.example\/terms>;rel="terms-of-service"/);
      assert.equal((await strict.post(createAcmeKey(), url, { termsOfServiceAgreed: true })).status, 201);
      const { json } = await strict.send(strict.url('/acme/directory'));
      assert.equal((json.meta as JsonObject).termsOfService, terms);
    } finally {
      await strict.close();
    }
  });

  function outcome(answer: Answer): readonly [number, string] {
    return [answer.status, answer.problem];
  }

  /** A rollover to `key`, or one that is spoiled in its inner header, payload or members. */
  async function rollOver(
    account: Account,
    key: AcmeKey,
    change: { inner?: JsonObject; header?: JsonObject; extra?: JsonObject } = {},
  ): Promise<Answer> {
    const url = acme.url('/acme/key-change');
    const payload = { account: account.url, oldKey: account.key.jwk, ...change.inner };
    const message = await signMessage({ key, header: { jwk: key.jwk, url, ...change.header }, payload });
    return acme.post(account, url, { ...message, ...change.extra });
  }
});
