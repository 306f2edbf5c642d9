import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import type { JsonObject } from '@tegata/core/codec/json';
import { decodePem } from '@tegata/core/codec/pem';
import { unwrap } from '@tegata/core/result';
import { day, hour } from '@tegata/core/time/duration';
import { createAcmeKey, createCsr } from '../../../../../test/support/acme.ts';
import { type Account, type AcmeHarness, createAcmeHarness } from '../../../../../test/support/acme-harness.ts';

describe('ACME issuance', () => {
  let acme: AcmeHarness;
  let account: Account;

  before(async () => {
    acme = await createAcmeHarness();
    account = await acme.register({ contact: ['mailto:admin@example.org'] });
  });
  after(() => acme.close());

  it('lists in the directory what is mounted, without a signature, and at the short address too', async () => {
    for (const path of ['/acme/directory', '/directory']) {
      const { status, json, header } = await acme.send(acme.url(path));
      assert.equal(status, 200);
      assert.equal(header('link'), undefined);
      const { meta, ...resources } = json as { meta: JsonObject };
      assert.deepEqual(resources, {
        newNonce: acme.url('/acme/new-nonce'),
        newAccount: acme.url('/acme/new-account'),
        newOrder: acme.url('/acme/new-order'),
        revokeCert: acme.url('/acme/revoke-cert'),
        keyChange: acme.url('/acme/key-change'),
      });
      assert.equal(meta.externalAccountRequired, false);
      assert.deepEqual(meta.caaIdentities, ['ca.example']);
      assert.deepEqual(Object.keys(meta.profiles as JsonObject), ['tls-server', 'tls-server-short']);
    }
  });

  it('gives nonces: HEAD 200, GET 204, never cached, with a link to the directory', async () => {
    for (const [method, status] of [
      ['HEAD', 200],
      ['GET', 204],
    ] as const) {
      const answer = await acme.send(acme.url('/acme/new-nonce'), { method });
      assert.equal(answer.status, status);
      assert.match(answer.header('replay-nonce') ?? '', /^[\w-]+$/);
      assert.equal(answer.header('cache-control'), 'no-store');
      assert.equal(answer.header('link'), `<${acme.url('/acme/directory')}>;rel="index"`);
    }
  });

  it('reads directory and new-nonce by POST-as-GET as well', async () => {
    assert.equal((await acme.post(account, acme.url('/acme/directory'), '')).status, 200);
    assert.equal((await acme.post(account, acme.url('/acme/new-nonce'), '')).status, 204);
    assert.equal((await acme.post(account, acme.url('/acme/new-nonce'), {})).problem, 'malformed');
  });

  it('does not keep a client waiting for a validation that takes longer than a moment', async () => {
    const order = await acme.post(account, acme.url('/acme/new-order'), {
      identifiers: [{ type: 'dns', value: 'slow.example' }],
    });
    const [authorizationUrl] = order.json.authorizations as [string];
    const { challenges } = (await acme.post(account, authorizationUrl, '')).json;
    const http01 = (challenges as readonly JsonObject[])[0] as { url: string };
    let release = () => {};
    const before = acme.world.before;
    acme.world.before = () =>
      new Promise((resolve) => {
        release = resolve;
      });
    const responded = await acme.post(account, http01.url, {});
    assert.equal(responded.json.status, 'processing');
    assert.equal(responded.header('retry-after'), '1');
    acme.world.before = before;
    release();
    await acme.settle();
    assert.equal((await acme.post(account, http01.url, '')).json.status, 'invalid');
  });

  it('takes a client from order to certificate in six signed requests', async () => {
    const identifiers = [{ type: 'dns', value: 'shop.example' }];
    const start = acme.requests();
    const order = await acme.post(account, acme.url('/acme/new-order'), { identifiers });
    assert.equal(order.status, 201);
    assert.equal(order.json.status, 'pending');
    assert.deepEqual(order.json.identifiers, identifiers);
    const [authorizationUrl] = order.json.authorizations as [string];
    const authorization = await acme.post(account, authorizationUrl, '');
    const challenges = authorization.json.challenges as readonly JsonObject[];
    assert.deepEqual(
      challenges.map(({ type, status }) => [type, status]),
      [
        ['http-01', 'pending'],
        ['dns-01', 'pending'],
      ],
    );
    const http01 = challenges[0] as { url: string; token: string };
    assert.match(http01.token, /^[A-Za-z0-9_-]{22,}$/);
    acme.world.web.set(
      `http://shop.example/.well-known/acme-challenge/${http01.token}`,
      `${http01.token}.${account.key.thumbprint}\n`,
    );
    const responded = await acme.post(account, http01.url, {});
    assert.equal(responded.status, 200);
    assert.equal(responded.json.status, 'valid', 'a network near by answers before we do');
    assert.equal(responded.header('retry-after'), undefined);
    const polled = await acme.post(account, order.header('location') as string, '');
    assert.equal(polled.json.status, 'ready');
    const finalized = await acme.post(account, polled.json.finalize as string, {
      csr: createCsr(['shop.example']).csr,
    });
    assert.equal(finalized.status, 200);
    assert.equal(finalized.json.status, 'valid');
    assert.equal(finalized.header('location'), order.header('location'));
    const downloaded = await acme.post(account, finalized.json.certificate as string, '');
    assert.equal(acme.requests() - start, 6);
    const recorded = acme.events.find(({ event }) => event === 'certificate.issued');
    assert.equal(recorded?.detail?.names, 'shop.example');
    assert.equal(downloaded.header('content-type'), 'application/pem-certificate-chain');
    const [leaf, issuing, ...more] = unwrap(decodePem(downloaded.text, 'CERTIFICATE'));
    assert.deepEqual(more, []);
    const certificate = new X509Certificate(leaf as Uint8Array);
    assert.equal(certificate.subjectAltName, 'DNS:shop.example');
    assert.ok(certificate.verify(new X509Certificate(issuing as Uint8Array).publicKey));
  });

  it('shows the proof on the authorization afterwards, and only the challenge that gave it', async () => {
    const ready = await acme.order(account, ['proof.example']);
    const { json } = await acme.post(account, (ready.json.authorizations as [string])[0], '');
    assert.equal(json.status, 'valid');
    const [challenge, ...others] = json.challenges as readonly JsonObject[];
    assert.deepEqual(others, []);
    assert.equal(challenge?.status, 'valid');
    assert.match(challenge?.validated as string, /^\d{4}-.*Z$/);
    assert.match(json.expires as string, /^2026-02-14T/);
  });

  it('issues for a wildcard by dns-01 alone, together with its base', async () => {
    const placed = await acme.post(account, acme.url('/acme/new-order'), {
      identifiers: [
        { type: 'dns', value: '*.wild.example' },
        { type: 'dns', value: 'wild.example' },
      ],
    });
    const [wildcardUrl] = placed.json.authorizations as [string];
    const { json } = await acme.post(account, wildcardUrl, '');
    assert.equal(json.wildcard, true);
    assert.deepEqual(json.identifier, { type: 'dns', value: 'wild.example' });
    assert.deepEqual(
      (json.challenges as readonly JsonObject[]).map(({ type }) => type),
      ['dns-01'],
    );
    const { chain } = await acme.issue(account, ['*.wild.example', 'wild.example']);
    assert.equal(new X509Certificate(chain).subjectAltName, 'DNS:*.wild.example, DNS:wild.example');
  });

  it('reuses what was proved for the same account: the next order is ready at once', async () => {
    await acme.issue(account, ['again.example']);
    const identifiers = [{ type: 'dns', value: 'again.example' }];
    const second = await acme.post(account, acme.url('/acme/new-order'), { identifiers });
    assert.equal(second.json.status, 'ready');
    const other = await acme.register();
    assert.equal((await acme.post(other, acme.url('/acme/new-order'), { identifiers })).json.status, 'pending');
    const wildcard = [{ type: 'dns', value: '*.again.example' }];
    const third = await acme.post(account, acme.url('/acme/new-order'), { identifiers: wildcard });
    assert.equal(third.json.status, 'pending');
  });

  it('does not reuse pending authorizations', async () => {
    const identifiers = [{ type: 'dns', value: 'pending.example' }];
    const orders = [
      await acme.post(account, acme.url('/acme/new-order'), { identifiers }),
      await acme.post(account, acme.url('/acme/new-order'), { identifiers }),
    ];
    assert.notDeepEqual(orders[0]?.json.authorizations, orders[1]?.json.authorizations);
  });

  it('makes one identifier of repeated ones, in any case', async () => {
    const identifiers = ['Twice.example', 'twice.EXAMPLE'].map((value) => ({ type: 'dns', value }));
    const order = await acme.post(account, acme.url('/acme/new-order'), { identifiers });
    assert.deepEqual(order.json.identifiers, [{ type: 'dns', value: 'twice.example' }]);
    assert.equal((order.json.authorizations as unknown[]).length, 1);
  });

  it('lets a client choose a profile, and shows the one it has', async () => {
    const identifiers = [{ type: 'dns', value: 'short.example' }];
    const newOrder = acme.url('/acme/new-order');
    const short = await acme.post(account, newOrder, { identifiers, profile: 'tls-server-short' });
    assert.equal(short.json.profile, 'tls-server-short');
    assert.equal((await acme.post(account, newOrder, { identifiers })).json.profile, 'tls-server');
    assert.equal((await acme.post(account, newOrder, { identifiers, profile: 'gold' })).problem, 'invalidProfile');
    assert.equal((await acme.post(account, newOrder, { identifiers, profile: 1 })).problem, 'malformed');
  });

  it('honours a validity that it can honour, to the second, and refuses others at once', async () => {
    const now = acme.clock.now();
    const notBefore = new Date(now).toISOString();
    const notAfter = new Date(now + 10 * day).toISOString();
    const ready = await acme.order(account, ['dates.example'], { notBefore, notAfter });
    assert.equal(ready.json.notAfter, '2026-01-25T12:00:00Z');
    const done = await acme.post(account, ready.json.finalize as string, { csr: createCsr(['dates.example']).csr });
    const { text } = await acme.post(account, done.json.certificate as string, '');
    const certificate = new X509Certificate(text);
    assert.equal(certificate.validFromDate.getTime(), now);
    assert.equal(certificate.validToDate.getTime(), now + 10 * day);
    const identifiers = [{ type: 'dns', value: 'dates.example' }];
    for (const wrong of [
      { notAfter: new Date(now + 1000 * day).toISOString() },
      { notAfter: new Date(now - day).toISOString() },
      { notBefore: notAfter, notAfter: notBefore },
      { notBefore: new Date(now - 300 * day).toISOString() },
      { notAfter: 'tomorrow' },
      { notBefore: 5 },
    ]) {
      const answer = await acme.post(account, acme.url('/acme/new-order'), { identifiers, ...wrong });
      assert.equal(answer.problem, 'malformed', JSON.stringify(wrong));
    }
  });

  it('pages the list of orders, newest first, to its owner', async () => {
    const owner = await acme.register();
    const placed: string[] = [];
    for (let at = 0; at < 105; at++) {
      const identifiers = [{ type: 'dns', value: `o${at}.example` }];
      const answer = await acme.post(owner, acme.url('/acme/new-order'), { identifiers });
      placed.unshift(answer.header('location') as string);
      acme.clock.advance(1);
    }
    const { json } = await acme.post(owner, owner.url, '');
    const first = await acme.post(owner, json.orders as string, '');
    assert.deepEqual(first.json.orders, placed.slice(0, 100));
    const next = /<([^>]+)>;rel="next"/.exec(first.header('link') ?? '')?.[1] as string;
    const second = await acme.post(owner, next, '');
    assert.deepEqual(second.json.orders, placed.slice(100));
    assert.doesNotMatch(second.header('link') ?? '', /next/);
    for (const query of ['?cursor=', '?cursor=%ff', '?cursor=a b', '?page=2', '?cursor=AA&cursor=AA']) {
      assert.equal((await acme.post(owner, `${json.orders}${query}`, '')).problem, 'malformed', query);
    }
    assert.equal((await acme.post(owner, `${json.orders}?cursor=AAAA`, '')).status, 200);
    assert.equal((await acme.post(account, json.orders as string, '')).problem, 'unauthorized');
  });

  it('ends what has passed its time: orders, authorizations and their reuse', async () => {
    const late = await createAcmeHarness();
    try {
      const owner = await late.register();
      const ready = await late.order(owner, ['late.example']);
      const [authorizationUrl] = ready.json.authorizations as [string];
      const placed = await late.post(owner, late.url('/acme/new-order'), {
        identifiers: [{ type: 'dns', value: 'open.example' }],
      });
      late.clock.advance(7 * day + hour);
      const order = await late.post(owner, ready.header('location') as string, '');
      assert.equal(order.json.status, 'invalid');
      const finalize = await late.post(owner, ready.json.finalize as string, { csr: createCsr(['late.example']).csr });
      assert.equal(finalize.problem, 'orderNotReady');
      const open = await late.post(owner, (placed.json.authorizations as [string])[0], '');
      assert.equal(open.json.status, 'expired');
      const [challenge] = open.json.challenges as readonly [JsonObject];
      assert.equal((await late.post(owner, challenge.url as string, {})).problem, 'malformed');
      assert.equal((await late.post(owner, authorizationUrl, '')).json.status, 'valid');
      late.clock.advance(24 * day);
      assert.equal((await late.post(owner, authorizationUrl, '')).json.status, 'expired');
      const again = await late.post(owner, late.url('/acme/new-order'), {
        identifiers: [{ type: 'dns', value: 'late.example' }],
      });
      assert.equal(again.json.status, 'pending');
    } finally {
      await late.close();
    }
  });

  for (const algorithm of ['ES256', 'ES384', 'Ed25519', 'EdDSA', 'RS256'] as const) {
    it(`serves accounts that sign with ${algorithm}`, async () => {
      const owner = await acme.register({}, createAcmeKey(algorithm));
      assert.equal((await acme.post(owner, owner.url, '')).json.status, 'valid');
    });
  }

  it('leaves a trail of what happened', () => {
    const names = new Set(acme.events.map(({ event }) => event));
    assert.ok(names.has('acme_account.created') && names.has('acme_challenge.met'));
  });
});
