import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import fc from 'fast-check';
import {
  type Answer,
  assertionType,
  type CallOptions,
  countStoreCalls,
  createOAuthHarness,
  exchange,
  type OAuthHarness,
  type TestClient,
} from '../../../../../test/support/oauth-harness.ts';

const calls: string[] = [];
const reads = /\.(peek\w*|load\w*|find\w*|version|since)$/;
let server: OAuthHarness;
let client: TestClient;

before(async () => {
  server = await createOAuthHarness(undefined, (store) => countStoreCalls(store, calls));
  client = await server.addClient();
});
after(() => server.close());

/** An OAuth error of the 4xx, in its proper form, that left no trace in the store. */
function assertRefused(name: string, answer: Answer): void {
  assert.ok(answer.status >= 400 && answer.status < 500, `${name}: ${answer.status} ${answer.text}`);
  if (answer.text !== '') {
    assert.match(String(answer.json.error), /^[a-z_]+$/, name);
    assert.match(String(answer.json.error_description), /^[\x20\x21\x23-\x5b\x5d-\x7e]{10,300}$/, name);
  }
  assert.equal(answer.header('cache-control'), 'no-store', name);
  assert.deepEqual(
    calls.filter((call) => !reads.test(call)),
    [],
    name,
  );
}

const handle = `${'0'.repeat(21)}.${'A'.repeat(32)}`;
const long = 'a'.repeat(20_000);
const texts = [
  '',
  ' ',
  '\u0000',
  'é',
  '%',
  '"',
  '\\',
  '../..',
  '0',
  '[]',
  '{}',
  '__proto__',
  long,
  handle,
  'a.b.c',
  'a..',
  '..',
];
const rawBodies: readonly [string, string | Uint8Array][] = [
  ['an empty body', ''],
  ['a broken escape', 'grant_type=%E0%A4%A'],
  ['bytes that are no UTF-8', Buffer.from([0x67, 0x3d, 0xff, 0xfe])],
  ['a thousand parameters', Array.from({ length: 1000 }, (_, at) => `p${at}=1`).join('&')],
  ['an oversized body', `token=${'a'.repeat(17_000)}`],
  ['JSON instead of a form', '{"grant_type":"client_credentials"}'],
  ['a repeated parameter', 'grant_type=client_credentials&grant_type=client_credentials&token=a&token=b'],
  ['a repeated parameter of no meaning', 'grant_type=client_credentials&token=x&x=1&x=2'],
  ['parameters without values', 'grant_type&code=&token='],
  ['a UTF-16 body', Buffer.from('grant_type=client_credentials', 'utf16le')],
];

for (const name of ['token', 'introspection', 'revocation']) {
  for (const [what, body] of rawBodies) {
    test(`${name} refuses ${what}`, async () => {
      calls.length = 0;
      assertRefused(what, await server.call(name, { body, authorization: client.basic }));
    });
  }
}

test('every parameter of the token endpoint may hold anything, and the answer is an OAuth error', async () => {
  const forms: Record<string, string>[] = [
    exchange(handle),
    { grant_type: 'refresh_token', refresh_token: handle },
    { grant_type: 'client_credentials', scope: 'admin', resource: 'x' },
    { grant_type: 'client_credentials', client_assertion: 'x', client_assertion_type: assertionType, client_id: 'x' },
    { grant_type: 'client_credentials', client_id: 'x', client_secret: 'y' },
  ];
  for (const form of forms) {
    for (const parameter of Object.keys(form)) {
      for (const text of texts) {
        const changed = { ...form, [parameter]: text };
        // An empty scope or resource is a left out one: that request would be a good one.
        if (form.scope !== undefined && text === '') continue;
        for (const authorization of [client.basic, undefined]) {
          calls.length = 0;
          const options: CallOptions = { form: changed, ...(authorization === undefined ? {} : { authorization }) };
          assertRefused(`${parameter}=${text.slice(0, 20)}`, await server.call('token', options));
        }
      }
    }
  }
});

test('any Authorization field is answered with an OAuth error', async () => {
  const fields = [
    ...texts.flatMap((text) => [text, `Basic ${text}`, `Bearer ${text}`]),
    `Basic ${Buffer.from('\u0000:\u0000').toString('base64')}`,
    `Basic ${Buffer.from(long).toString('base64')}`,
    `Basic ${Buffer.from([0xff, 0x3a, 0xff]).toString('base64')}`,
    `Basic ${Buffer.from('%ZZ:x').toString('base64')}`,
  ];
  const targets: readonly [string, CallOptions][] = [
    ['token', { form: { grant_type: 'client_credentials' } }],
    ['introspection', { form: { token: 'x' } }],
    ['revocation', { form: { token: 'x' } }],
    ['userinfo', {}],
    ['registration', { body: '{}' }],
    ['client_configuration', { params: { client_id: client.clientId } }],
    ['client_configuration', { method: 'DELETE', params: { client_id: client.clientId } }],
  ];
  for (const authorization of fields) {
    for (const [name, options] of targets) {
      calls.length = 0;
      const answer = await server.call(name, { ...options, authorization });
      assertRefused(`${name} ${authorization.slice(0, 30)}`, answer);
    }
  }
});

test('any text as a token is inactive, revoked already, or an invalid_token', async () => {
  for (const token of texts.filter((text) => text !== '' && text !== long)) {
    calls.length = 0;
    const form = { token };
    assert.equal((await server.call('introspection', { form, authorization: client.basic })).text, '{"active":false}');
    assert.equal((await server.call('revocation', { form, authorization: client.basic })).status, 200);
    assertRefused(token, await server.call('userinfo', { method: 'POST', form: { access_token: token } }));
  }
});

test('random forms never cause anything but an OAuth error', async () => {
  const name = fc.constantFrom('grant_type', 'code', 'scope', 'resource', 'client_id', 'client_secret', 'token', 'x');
  const value = fc.oneof(
    fc.constantFrom('authorization_code', 'refresh_token', ...texts),
    fc.string({ unit: 'binary' }),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(fc.tuple(name, value), { maxLength: 8 }), fc.boolean(), async (pairs, authenticated) => {
      calls.length = 0;
      const body = pairs.map(([key, text]) => `${key}=${encodeURIComponent(text.toWellFormed())}`).join('&');
      const authorization = authenticated ? { authorization: client.basic } : {};
      assertRefused(body.slice(0, 100), await server.call('token', { body, ...authorization }));
    }),
    { numRuns: 200 },
  );
});
