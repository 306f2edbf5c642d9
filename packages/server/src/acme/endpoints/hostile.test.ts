import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { JsonValue } from '@tegata/core/codec/json';
import fc from 'fast-check';
import { signMessage } from '../../../../../test/support/acme.ts';
import {
  type Account,
  type AcmeHarness,
  type Answer,
  createAcmeHarness,
} from '../../../../../test/support/acme-harness.ts';
import { assertProblem } from '../../../../../test/support/problems.ts';
import type { Store } from '../../ports/store.ts';

/** Units that change nothing. */
const reads = /^(load|find|list|version|isBlocked)/;
const watched = ['acmeAccounts', 'orders', 'certificates'] as const;

describe('hostile input', () => {
  let acme: AcmeHarness;
  let account: Account;
  let urls: readonly string[];
  const writes: string[] = [];

  before(async () => {
    acme = await createAcmeHarness({ wrapStore: (store) => watch(store, writes) });
    account = await acme.register();
    const order = await acme.order(account, ['target.example']);
    const open = await acme.post(account, acme.url('/acme/new-order'), {
      identifiers: [{ type: 'dns', value: 'open.example' }],
    });
    const [authorization] = open.json.authorizations as [string];
    const { json } = await acme.post(account, authorization, '');
    const [challenge] = json.challenges as unknown as readonly [{ url: string }];
    const fixed = ['new-account', 'new-order', 'revoke-cert', 'key-change'].map((name) => acme.url(`/acme/${name}`));
    const own = [account.url, order.header('location') as string, order.json.finalize as string];
    urls = [...fixed, ...own, authorization, challenge.url, account.url.replace('/account/', '/orders/')];
    writes.length = 0;
  });
  after(() => acme.close());

  const send = (url: string, body: string | Uint8Array) => acme.send(url, { method: 'POST', body });

  function assertRefused(answer: Answer): void {
    assert.ok(answer.status >= 400 && answer.status < 500, `${answer.status} ${answer.text}`);
    assertProblem(answer, answer.status, answer.problem);
    assert.deepEqual(writes, []);
  }

  it('covers every endpoint that takes a signed request', () => {
    const signed = acme.endpoints.filter(({ methods }) => !methods.includes('GET')).map(({ name }) => name);
    // The certificate has no content to be hostile about that the order has not.
    assert.equal(signed.length, urls.length + 1);
  });

  it('any bytes: a problem document, and nothing stored', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(), fc.uint8Array({ maxLength: 300 }), async (pick, bytes) => {
        assertRefused(await send(urls[pick % urls.length] as string, bytes));
      }),
      { numRuns: 300 },
    );
  });

  it('any JSON: a problem document, and nothing stored', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(), fc.json(), async (pick, text) => {
        assertRefused(await send(urls[pick % urls.length] as string, text));
      }),
      { numRuns: 300 },
    );
  });

  it('any members of a JWS: a problem document, and nothing stored', async () => {
    const part = fc.oneof(fc.base64String(), fc.string(), fc.jsonValue() as fc.Arbitrary<JsonValue>);
    const message = fc.record({ protected: part, payload: part, signature: part }, { requiredKeys: [] });
    await fc.assert(
      fc.asyncProperty(fc.nat(), message, async (pick, value) => {
        assertRefused(await send(urls[pick % urls.length] as string, JSON.stringify(value)));
      }),
      { numRuns: 300 },
    );
  });

  it('any protected header, properly signed: a problem document, and nothing stored', async () => {
    const header = fc.dictionary(
      fc.constantFrom('alg', 'kid', 'jwk', 'nonce', 'url', 'crit', 'b64', '__proto__', 'typ'),
      fc.jsonValue() as fc.Arbitrary<JsonValue>,
    );
    await fc.assert(
      fc.asyncProperty(fc.nat(), header, async (pick, members) => {
        const url = urls[pick % urls.length] as string;
        const message = await signMessage({ key: account.key, header: members, payload: {} });
        assertRefused(await send(url, JSON.stringify(message)));
      }),
      { numRuns: 300 },
    );
  });

  it('a good request with any bit changed: a problem document, and nothing stored', async () => {
    const url = acme.url('/acme/new-order');
    const payload = { identifiers: [{ type: 'dns', value: 'flipped.example' }] };
    await fc.assert(
      fc.asyncProperty(fc.nat(), fc.nat(7), async (at, bit) => {
        const header = { kid: account.url, nonce: await acme.nonce(), url };
        const message = Buffer.from(JSON.stringify(await signMessage({ key: account.key, header, payload })));
        const place = at % message.length;
        message[place] = (message[place] as number) ^ (1 << bit);
        assertRefused(await send(url, message));
      }),
      { numRuns: 200 },
    );
  });

  it('any payload of an account: never a fault of ours', async () => {
    const names = fc.constantFrom(
      'identifiers',
      'csr',
      'certificate',
      'reason',
      'status',
      'contact',
      'profile',
      'notAfter',
    );
    const payload = fc.oneof(
      fc.jsonValue() as fc.Arbitrary<JsonValue>,
      fc.dictionary(names, fc.oneof(fc.jsonValue() as fc.Arbitrary<JsonValue>, fc.base64String())),
    );
    await fc.assert(
      fc.asyncProperty(fc.nat(), payload, async (pick, value) => {
        const url = urls[pick % urls.length] as string;
        const answer = await acme.post(account, url, value as JsonValue);
        assert.ok(answer.status < 500, answer.text);
        if (answer.status >= 400) assertProblem(answer, answer.status, answer.problem);
        else assert.ok(answer.header('replay-nonce'));
      }),
      { numRuns: 300 },
    );
    assert.equal((await acme.post(account, account.url, '')).status, 200);
    await acme.settle();
    writes.length = 0;
  });

  it('deeply nested and very wide JSON: a problem document, soon', async () => {
    const url = acme.url('/acme/new-order');
    for (const text of [
      '['.repeat(60_000),
      `{"a":`.repeat(10_000),
      `[${'1,'.repeat(30_000)}1]`,
      `{"${'a'.repeat(60_000)}":1}`,
    ]) {
      assertRefused(await send(url, text));
    }
  });
});

/** The same store, which tells of every unit that may have changed something. */
function watch(store: Store, writes: string[]): Store {
  const watchedStores = watched.map((name) => [
    name,
    new Proxy(store[name], {
      get(target, member) {
        const unit = Reflect.get(target, member) as (...args: unknown[]) => unknown;
        if (typeof unit !== 'function' || reads.test(String(member))) return unit;
        return (...args: unknown[]) => {
          writes.push(`${name}.${String(member)}`);
          return unit.apply(target, args);
        };
      },
    }),
  ]);
  return { ...store, ...Object.fromEntries(watchedStores) };
}
