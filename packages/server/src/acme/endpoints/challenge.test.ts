import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { JsonObject } from '@tegata/core/codec/json';
import { encodeUtf8 } from '@tegata/core/codec/utf8';
import { createAcmeKey, signMessage } from '../../../../../test/support/acme.ts';
import {
  type Account,
  type AcmeHarness,
  type Answer,
  createAcmeHarness,
} from '../../../../../test/support/acme-harness.ts';
import { assertProblem } from '../../../../../test/support/problems.ts';

interface Placed {
  readonly order: string;
  readonly authorization: string;
  readonly http01: { readonly url: string; readonly token: string };
  readonly dns01: { readonly url: string; readonly token: string };
  /** Where http-01 looks, and what it expects. */
  readonly page: string;
  readonly expected: string;
}

describe('challenges', () => {
  let acme: AcmeHarness;
  let account: Account;
  let count = 0;

  before(async () => {
    acme = await createAcmeHarness();
    account = await acme.register();
  });
  after(() => acme.close());

  /** An order for one new name, and what there is to prove. */
  async function place(name = `n${count++}.example`): Promise<Placed> {
    const identifiers = [{ type: 'dns', value: name }];
    const order = await acme.post(account, acme.url('/acme/new-order'), { identifiers });
    const [authorization] = order.json.authorizations as [string];
    const { json } = await acme.post(account, authorization, '');
    const [http01, dns01] = json.challenges as unknown as [Placed['http01'], Placed['dns01']];
    const page = `http://${name}/.well-known/acme-challenge/${http01.token}`;
    const expected = `${http01.token}.${account.key.thumbprint}`;
    return { order: order.header('location') as string, authorization, http01, dns01, page, expected };
  }

  /** Responds and reads the authorization once it has been looked at. */
  async function respond(placed: Placed): Promise<Answer> {
    const answer = await acme.post(account, placed.http01.url, {});
    assert.equal(answer.status, 200, answer.text);
    await acme.settle();
    return acme.post(account, placed.authorization, '');
  }

  const errorOf = ({ json }: Answer): JsonObject =>
    ((json.challenges as readonly JsonObject[])[0] as { error: JsonObject }).error;

  it('links the challenge to its authorization', async () => {
    const placed = await place();
    const answer = await acme.post(account, placed.http01.url, '');
    assert.match(answer.header('link') ?? '', new RegExp(`<${placed.authorization}>;rel="up"`));
    assert.equal(answer.json.status, 'pending');
  });

  it('makes challenge, authorization and order invalid when the answer is wrong, and says why', async () => {
    const placed = await place();
    acme.world.web.set(placed.page, 'something else');
    const answer = await respond(placed);
    assert.equal(answer.json.status, 'invalid');
    const error = errorOf(answer);
    assert.equal(error.type, 'urn:ietf:params:acme:error:incorrectResponse');
    assert.equal(error.status, 403);
    const order = await acme.post(account, placed.order, '');
    assert.equal(order.json.status, 'invalid');
    assert.deepEqual(order.json.error, error);
  });

  it('tries three times when the host cannot be reached, and no more', async () => {
    const placed = await place();
    let tried = 0;
    acme.world.before = () => void tried++;
    const answer = await respond(placed);
    acme.world.before = () => {};
    assert.equal(tried, 3);
    assert.equal(errorOf(answer).type, 'urn:ietf:params:acme:error:connection');
  });

  it('succeeds when the host can be reached at the second try', async () => {
    const placed = await place();
    let tried = 0;
    acme.world.before = (what) => {
      if (what.startsWith('GET') && ++tried === 2) acme.world.web.set(placed.page, placed.expected);
    };
    const answer = await respond(placed);
    acme.world.before = () => {};
    assert.equal(answer.json.status, 'valid');
  });

  it('follows redirects of the host', async () => {
    const placed = await place();
    const target = 'https://central.example/challenges';
    acme.world.web.set(placed.page, { status: 301, headers: { location: target } });
    acme.world.web.set(target, { body: encodeUtf8(placed.expected) });
    assert.equal((await respond(placed)).json.status, 'valid');
  });

  it('expects the key that the account had when it responded', async () => {
    const owner = await acme.register();
    const identifiers = [{ type: 'dns', value: 'rollover.example' }];
    const order = await acme.post(owner, acme.url('/acme/new-order'), { identifiers });
    const [authorization] = order.json.authorizations as [string];
    const { json } = await acme.post(owner, authorization, '');
    const [http01] = json.challenges as unknown as [Placed['http01']];
    const key = createAcmeKey();
    const page = `http://rollover.example/.well-known/acme-challenge/${http01.token}`;
    acme.world.web.set(page, `${http01.token}.${owner.key.thumbprint}`);
    const change = acme.url('/acme/key-change');
    // The key changes while the challenge is being looked at.
    acme.world.before = async (what) => {
      if (!what.startsWith('GET')) return;
      const payload = { account: owner.url, oldKey: owner.key.jwk };
      const inner = await signMessage({ key, header: { jwk: key.jwk, url: change }, payload });
      assert.equal((await acme.post(owner, change, inner)).status, 200);
    };
    await acme.post(owner, http01.url, {});
    await acme.settle();
    acme.world.before = () => {};
    assert.equal((await acme.post({ key, url: owner.url }, authorization, '')).json.status, 'valid');
  });

  it('does not accept the proof of another account', async () => {
    const placed = await place();
    acme.world.web.set(placed.page, `${placed.http01.token}.${createAcmeKey().thumbprint}`);
    assert.equal((await respond(placed)).json.status, 'invalid');
  });

  it('looks once, however often the client responds', async () => {
    const placed = await place();
    acme.world.web.set(placed.page, placed.expected);
    let looked = 0;
    acme.world.before = (what) => {
      if (what.startsWith('GET')) looked++;
    };
    const answers = await Promise.all(Array.from({ length: 5 }, () => acme.post(account, placed.http01.url, {})));
    await acme.settle();
    acme.world.before = () => {};
    assert.ok(answers.every(({ status }) => status === 200));
    assert.equal(looked, 1);
    const again = await acme.post(account, placed.http01.url, {});
    assert.equal(again.json.status, 'valid');
    assert.equal(again.header('retry-after'), undefined);
  });

  it('leaves the other challenge as it is once one is met', async () => {
    const placed = await place();
    acme.world.web.set(placed.page, placed.expected);
    await respond(placed);
    const other = await acme.post(account, placed.dns01.url, {});
    assert.deepEqual([other.status, other.problem], [400, 'malformed']);
  });

  it('takes responses of old clients, with members that are not looked at', async () => {
    const placed = await place();
    acme.world.web.set(placed.page, placed.expected);
    const payload = { type: 'http-01', keyAuthorization: 'nonsense', resource: 'challenge' };
    assert.equal((await acme.post(account, placed.http01.url, payload)).status, 200);
    await acme.settle();
    assert.equal((await acme.post(account, placed.authorization, '')).json.status, 'valid');
  });

  it('asks CAA after the proof, and refuses what CAA forbids', async () => {
    const placed = await place('caa.forbidden.example');
    acme.world.web.set(placed.page, placed.expected);
    acme.world.caa.set('forbidden.example', [{ critical: false, tag: 'issue', value: 'other.example' }]);
    const answer = await respond(placed);
    assert.equal(errorOf(answer).type, 'urn:ietf:params:acme:error:caa');
    assert.equal(errorOf(answer).status, 403);
  });

  it('gives CAA its account URL and method', async () => {
    const placed = await place('caa.bound.example');
    acme.world.web.set(placed.page, placed.expected);
    const value = `ca.example; accounturi=${account.url}; validationmethods=http-01`;
    acme.world.caa.set('bound.example', [{ critical: false, tag: 'issue', value }]);
    assert.equal((await respond(placed)).json.status, 'valid');
  });

  it('does not take a failing name server for permission', async () => {
    const placed = await place('caa.broken.example');
    acme.world.web.set(placed.page, placed.expected);
    acme.world.caa.set('broken.example', 'SERVFAIL');
    assert.equal(errorOf(await respond(placed)).type, 'urn:ietf:params:acme:error:dns');
  });

  it('gives up an authorization: work on it counts for nothing, and its order ends', async () => {
    const placed = await place();
    acme.world.web.set(placed.page, placed.expected);
    acme.world.before = async (what) => {
      if (!what.startsWith('GET')) return;
      await acme.post(account, placed.authorization, { status: 'deactivated' });
    };
    const answer = await respond(placed);
    acme.world.before = () => {};
    assert.equal(answer.json.status, 'deactivated');
    assert.equal((await acme.post(account, placed.order, '')).json.status, 'invalid');
    assertProblem(await acme.post(account, placed.dns01.url, {}), 400, 'malformed');
    assert.equal((await acme.post(account, placed.authorization, { status: 'deactivated' })).status, 200);
  });

  it('gives up nothing else', async () => {
    const placed = await place();
    for (const payload of [{}, { status: 'valid' }, { status: 1 }]) {
      assertProblem(await acme.post(account, placed.authorization, payload), 400, 'malformed');
    }
    acme.world.web.set(placed.page, 'wrong');
    await respond(placed);
    assertProblem(await acme.post(account, placed.authorization, { status: 'deactivated' }), 400, 'malformed');
  });

  it('shows nothing of an account to another one', async () => {
    const other = await acme.register();
    const placed = await place();
    const { order, chain } = await acme.issue(account, ['owned.example']);
    assert.match(chain, /BEGIN CERTIFICATE/);
    const owned: readonly [string, JsonObject | ''][] = [
      [placed.order, ''],
      [placed.authorization, ''],
      [placed.authorization, { status: 'deactivated' }],
      [placed.http01.url, ''],
      [placed.http01.url, {}],
      [order.header('location') as string, ''],
      [order.json.certificate as string, ''],
    ];
    for (const [url, payload] of owned) assertProblem(await acme.post(other, url, payload), 403, 'unauthorized');
    assert.equal((await acme.post(account, placed.authorization, '')).json.status, 'pending');
  });

  it('knows nothing of what does not exist', async () => {
    const id = '0'.repeat(21);
    for (const path of ['order/X', 'authorization/X', 'challenge/X/X', 'certificate/X', 'order/X/finalize']) {
      for (const name of [id, '%00', "'; --", 'a'.repeat(2000)]) {
        const url = acme.url(`/acme/${path.replaceAll('X', encodeURIComponent(name).slice(0, 900))}`);
        assertProblem(await acme.post(account, url, ''), 404, 'malformed');
      }
    }
    const placed = await place();
    const stranger = placed.http01.url.replace(/[^/]+$/, id);
    assertProblem(await acme.post(account, stranger, {}), 404, 'malformed');
  });

  it('tells all refused identifiers of an order at once', async () => {
    const values = ['ok.example', 'under_score.example', 'x.onion', '192.0.2.1'];
    const identifiers = [...values.map((value) => ({ type: 'dns', value })), { type: 'email', value: 'a@example.org' }];
    const answer = await acme.post(account, acme.url('/acme/new-order'), { identifiers });
    assertProblem(answer, 400, 'compound');
    const found = (answer.json.subproblems as readonly JsonObject[]).map(({ type, identifier }) => [
      (type as string).split(':').at(-1),
      (identifier as JsonObject).value,
    ]);
    assert.deepEqual(found, [
      ['malformed', 'under_score.example'],
      ['rejectedIdentifier', 'x.onion'],
      ['malformed', '192.0.2.1'],
      ['unsupportedIdentifier', 'a@example.org'],
    ]);
    assert.equal(answer.json.identifier, undefined);
  });
});
