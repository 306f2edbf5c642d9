import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import { decodeBase64url, encodeBase64url } from '@tegata/core/codec/base64url';
import type { JsonObject, JsonValue } from '@tegata/core/codec/json';
import { decodeUtf8 } from '@tegata/core/codec/utf8';
import { createAcmeKey, encodeJson, signMessage } from '../../../../../test/support/acme.ts';
import {
  type Account,
  type AcmeHarness,
  type Answer,
  createAcmeHarness,
} from '../../../../../test/support/acme-harness.ts';
import { assertProblem } from '../../../../../test/support/problems.ts';

describe('attacks on signed requests', () => {
  let acme: AcmeHarness;
  let account: Account;
  let target: string;
  const key = createAcmeKey();

  before(async () => {
    acme = await createAcmeHarness();
    account = await acme.register({}, key);
    target = account.url;
  });
  after(() => acme.close());

  /** A good request to read the account. */
  async function good(change: JsonObject = {}): Promise<Record<string, JsonValue>> {
    const header = { kid: account.url, nonce: await acme.nonce(), url: target, ...change };
    return signMessage({ key, header, payload: '' });
  }

  const send = (message: JsonValue, headers: Readonly<Record<string, string>> = {}): Promise<Answer> =>
    acme.send(target, { method: 'POST', body: JSON.stringify(message), headers });

  it('the good request is accepted', async () => assert.equal((await send(await good())).status, 200));

  const bodies: readonly [string, (message: Record<string, JsonValue>) => JsonValue][] = [
    ['a header member', (message) => ({ ...message, header: {} })],
    [
      'signatures instead of signature',
      ({ signature, ...rest }) => ({ ...rest, signatures: [{ signature: signature as string }] }),
    ],
    ['both signature and signatures', (message) => ({ ...message, signatures: [] })],
    ['an unknown member', (message) => ({ ...message, x: 1 })],
    ['no payload (detached)', ({ payload: _, ...rest }) => rest],
    ['no protected header', ({ protected: _, ...rest }) => rest],
    ['no signature', ({ signature: _, ...rest }) => rest],
    ['an empty signature', (message) => ({ ...message, signature: '' })],
    ['a padded payload', (message) => ({ ...message, payload: 'e30=' })],
    ['a padded header', (message) => ({ ...message, protected: `${message.protected}=` })],
    ['a payload in the other alphabet', (message) => ({ ...message, payload: 'a+b/' })],
    ['a payload that is a number', (message) => ({ ...message, payload: 1 })],
    ['compact form', (message) => `${message.protected}.${message.payload}.${message.signature}`],
    ['an array', (message) => [message]],
    ['null', () => null],
  ];
  for (const [what, change] of bodies) {
    it(`refuses ${what}`, async () => assertProblem(await send(change(await good())), 400, 'malformed'));
  }

  it('refuses a member that is there twice', async () => {
    const { protected: header, payload, signature } = await good();
    const body = `{"protected":"${header}","payload":"${payload}","payload":"${payload}","signature":"${signature}"}`;
    assertProblem(await acme.send(target, { method: 'POST', body }), 400, 'malformed');
  });

  it('refuses a protected header with a member twice', async () => {
    const header = `{"alg":"ES256","kid":"${account.url}","kid":"${account.url}","nonce":"${await acme.nonce()}","url":"${target}"}`;
    const encoded = encodeBase64url(Buffer.from(header));
    const signature = encodeBase64url(await key.sign(Buffer.from(`${encoded}.`)));
    assertProblem(await send({ protected: encoded, payload: '', signature }), 400, 'malformed');
  });

  const headers: readonly [string, JsonObject, number, string][] = [
    ['jwk and kid', { jwk: key.jwk }, 400, 'malformed'],
    ['neither jwk nor kid', { kid: undefined }, 400, 'malformed'],
    ['jwk where the account must sign', { kid: undefined, jwk: key.jwk }, 400, 'malformed'],
    ['alg none', { alg: 'none' }, 400, 'badSignatureAlgorithm'],
    ['alg HS256', { alg: 'HS256' }, 400, 'badSignatureAlgorithm'],
    ['alg PS256, which is not offered', { alg: 'PS256' }, 400, 'badSignatureAlgorithm'],
    ['alg in other case', { alg: 'es256' }, 400, 'badSignatureAlgorithm'],
    ['no alg', { alg: undefined }, 400, 'malformed'],
    ['alg for another type of key', { alg: 'RS256' }, 400, 'malformed'],
    ['alg for another curve', { alg: 'ES384' }, 400, 'malformed'],
    ['crit', { crit: ['exp'], exp: 1 }, 400, 'malformed'],
    ['b64 false', { b64: false, crit: ['b64'] }, 400, 'malformed'],
    ['no nonce', { nonce: undefined }, 400, 'badNonce'],
    ['an unknown nonce', { nonce: 'AAAA' }, 400, 'badNonce'],
    ['a nonce that is not base64url', { nonce: 'a b' }, 400, 'malformed'],
    ['a nonce that is a number', { nonce: 1 }, 400, 'malformed'],
    ['no url', { url: undefined }, 400, 'malformed'],
    [
      'an unknown account',
      { kid: 'https://ca.example/base/acme/account/000000000000000000000' },
      400,
      'accountDoesNotExist',
    ],
    ['a kid that is no account', { kid: 'https://elsewhere.example/acme/account/1' }, 400, 'accountDoesNotExist'],
    ['a kid that is a number', { kid: 1 }, 400, 'malformed'],
  ];
  for (const [what, change, status, type] of headers) {
    it(`refuses ${what} with ${type}`, async () => assertProblem(await send(await good(change)), status, type));
  }

  it('names the accepted algorithms with badSignatureAlgorithm', async () => {
    const { json } = await send(await good({ alg: 'HS256' }));
    assert.deepEqual(json.algorithms, ['ES256', 'EdDSA', 'Ed25519', 'ES384', 'ES512', 'RS256']);
  });

  it('refuses a MAC keyed with the public key', async () => {
    const message = await good({ alg: 'HS256' });
    const mac = createHmac('sha256', JSON.stringify(key.jwk)).update(`${message.protected}.`).digest();
    assertProblem(await send({ ...message, signature: encodeBase64url(mac) }), 400, 'badSignatureAlgorithm');
  });

  const urls: readonly [string, (url: string) => string][] = [
    ['another resource', () => 'https://ca.example/base/acme/new-order'],
    ['other case', (url) => url.replace('/acme/', '/ACME/')],
    ['a host in other case', (url) => url.replace('ca.example', 'CA.example')],
    ['a slash more', (url) => `${url}/`],
    ['another host', (url) => url.replace('ca.example', 'evil.example')],
    ['a port', (url) => url.replace('ca.example', 'ca.example:443')],
    ['plain http', (url) => url.replace('https:', 'http:')],
    ['a query more', (url) => `${url}?`],
    ['a fragment', (url) => `${url}#a`],
    ['a percent-encoded letter', (url) => url.replace('account', 'acc%6Funt')],
  ];
  for (const [what, change] of urls) {
    it(`refuses a url with ${what}`, async () => {
      assertProblem(await send(await good({ url: change(target) })), 403, 'unauthorized');
    });
  }

  it('refuses what was signed for the same path without its query', async () => {
    const message = await good();
    const answer = await acme.send(`${target}?x=1`, { method: 'POST', body: JSON.stringify(message) });
    assertProblem(answer, 403, 'unauthorized');
  });

  it('refuses a DER signature', async () => {
    const message = await good();
    const raw = Buffer.from(decodeBase64url(message.signature as string) as Uint8Array);
    const integer = (half: Buffer): Buffer => {
      const bytes = (half[0] as number) >= 0x80 ? Buffer.concat([Buffer.of(0), half]) : half;
      return Buffer.concat([Buffer.of(2, bytes.length), bytes]);
    };
    const pair = Buffer.concat([integer(raw.subarray(0, 32)), integer(raw.subarray(32))]);
    const der = Buffer.concat([Buffer.of(0x30, pair.length), pair]);
    assertProblem(await send({ ...message, signature: encodeBase64url(der) }), 400, 'malformed');
  });

  for (const [what, signature] of [
    ['all zeros', new Uint8Array(64)],
    ['a byte short', new Uint8Array(63)],
    ['a byte long', new Uint8Array(65)],
  ] as const) {
    it(`refuses a signature of ${what}`, async () => {
      assertProblem(await send({ ...(await good()), signature: encodeBase64url(signature) }), 400, 'malformed');
    });
  }

  it('refuses a changed payload, and another account that claims the kid', async () => {
    assertProblem(await send({ ...(await good()), payload: encodeJson({}) }), 400, 'malformed');
    const header = { kid: account.url, nonce: await acme.nonce(), url: target };
    assertProblem(await send(await signMessage({ key: createAcmeKey(), header, payload: '' })), 400, 'malformed');
  });

  it('does not spend the nonce of a request whose signature is wrong', async () => {
    const message = await good();
    assertProblem(await send({ ...message, payload: encodeJson({}) }), 400, 'malformed');
    assert.equal((await send(message)).status, 200);
  });

  it('accepts a nonce once, however many requests bring it at the same time', async () => {
    const nonce = await acme.nonce();
    const messages = await Promise.all(Array.from({ length: 20 }, () => good({ nonce })));
    const answers = await Promise.all(messages.map((message) => send(message)));
    assert.equal(answers.filter(({ status }) => status === 200).length, 1);
    assert.equal(answers.filter(({ problem }) => problem === 'badNonce').length, 19);
  });

  it('gives a nonce with badNonce that is good at once', async () => {
    const refused = await send(await good({ nonce: 'AAAA' }));
    assert.equal((await send(await good({ nonce: refused.header('replay-nonce') as string }))).status, 200);
  });

  const keys: readonly [string, JsonObject][] = [
    ['a private key', { ...key.jwk, d: key.jwk.kty === 'EC' ? key.jwk.x : '' }],
    ['a symmetric key', { kty: 'oct', k: 'c2VjcmV0' }],
    ['a point off the curve', { ...key.jwk, y: encodeBase64url(new Uint8Array(32).fill(7)) }],
    ['an unknown curve', { ...key.jwk, crv: 'secp256k1' }],
    ['a short RSA key', { kty: 'RSA', e: 'AQAB', n: encodeBase64url(new Uint8Array(128).fill(0xc5)) }],
    ['a long RSA key', { kty: 'RSA', e: 'AQAB', n: encodeBase64url(new Uint8Array(1024).fill(0xc5)) }],
    ['an RSA key with an even exponent', { kty: 'RSA', e: 'Ag', n: encodeBase64url(new Uint8Array(256).fill(0xc5)) }],
    ['an RSA key with a small factor', { kty: 'RSA', e: 'AQAB', n: encodeBase64url(new Uint8Array(256).fill(0xff)) }],
    [
      'an RSA key with a long exponent',
      { kty: 'RSA', e: 'AQABAQAB', n: encodeBase64url(new Uint8Array(256).fill(0xc5)) },
    ],
  ];
  for (const [what, jwk] of keys) {
    it(`refuses ${what} with badPublicKey`, async () => {
      const url = acme.url('/acme/new-account');
      const message = await signMessage({ key, header: { jwk, nonce: await acme.nonce(), url }, payload: {} });
      const answer = await acme.send(url, { method: 'POST', body: JSON.stringify(message) });
      assertProblem(answer, 400, 'badPublicKey');
    });
  }

  for (const type of ['application/json', 'text/plain', 'application/jose', '']) {
    it(`refuses content type ${JSON.stringify(type)} with 415`, async () => {
      assertProblem(await send(await good(), { 'content-type': type }), 415, 'malformed');
    });
  }

  it('refuses a request without content, which has no media type', async () => {
    assertProblem(await acme.send(target, { method: 'POST', headers: { 'content-type': '' } }), 415, 'malformed');
    assertProblem(await acme.send(target, { method: 'POST' }), 400, 'malformed');
  });

  it('tolerates a parameter and other case in the content type', async () => {
    assert.equal((await send(await good(), { 'content-type': 'application/jose+json; charset=utf-8' })).status, 200);
  });

  it('refuses a request over 64 KiB with 413', async () => {
    const answer = await acme.send(target, { method: 'POST', body: 'x'.repeat(65_537) });
    assertProblem(answer, 413, 'malformed');
  });

  it('answers plain GET on every signed resource with 405, naming POST', async () => {
    const order = await acme.order(account, ['get.example']);
    const authorizationUrl = (order.json.authorizations as [string])[0];
    const { json } = await acme.post(account, authorizationUrl, '');
    const challenge = (json.challenges as readonly JsonObject[])[0] as JsonObject;
    const places = ['/acme/new-account', '/acme/new-order', '/acme/revoke-cert', '/acme/key-change'].map(acme.url);
    const resources = [order.header('location') as string, authorizationUrl, challenge.url as string];
    for (const url of [...places, account.url, ...resources, order.json.finalize as string]) {
      for (const method of ['GET', 'PUT', 'DELETE']) {
        const answer = await acme.send(url, { method });
        assertProblem(answer, 405, 'malformed');
        assert.equal(answer.header('allow'), 'POST');
      }
    }
  });

  it('refuses POST {} where only POST-as-GET is, and POST-as-GET where content is needed', async () => {
    const order = await acme.order(account, ['empty.example']);
    const location = order.header('location') as string;
    assertProblem(await acme.post(account, location, {}), 400, 'malformed');
    assertProblem(await acme.post(account, acme.url('/acme/new-order'), ''), 400, 'malformed');
    assertProblem(await acme.post(account, order.json.finalize as string, ''), 400, 'malformed');
    assertProblem(await acme.post(account, acme.url('/acme/revoke-cert'), ''), 400, 'malformed');
    assertProblem(await acme.post(account, acme.url('/acme/key-change'), ''), 400, 'malformed');
    assertProblem(await acme.post(createAcmeKey(), acme.url('/acme/new-account'), ''), 400, 'malformed');
  });

  it('does not tell apart by its answers which part of a defect went wrong', async () => {
    const endpoint = acme.endpoints.find(({ name }) => name === 'order');
    const answer = await endpoint?.refuse({ kind: 'defect' }, { id: 'r-17' } as never);
    assert.equal(answer?.status, 500);
    const text = typeof answer?.body === 'string' ? answer.body : (decodeUtf8(answer?.body ?? new Uint8Array()) ?? '');
    assert.match(text, /serverInternal.*r-17/);
  });
});
