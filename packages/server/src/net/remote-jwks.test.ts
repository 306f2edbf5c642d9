import assert from 'node:assert/strict';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { after, before, beforeEach, test } from 'node:test';
import { encodePem } from '@tegata/core/codec/pem';
import { exportPublicKeyInfo } from '@tegata/core/crypto';
import { type ManualClock, manualClock } from '@tegata/core/time/clock';
import { createTestAuthority, generateKeys } from '../../../../test/support/certificates.ts';
import { createClientKey } from '../../../../test/support/oauth-harness.ts';
import type { RemoteJwks } from '../ports/remote-jwks.ts';
import { createRemoteJwks } from './remote-jwks.ts';

const key = createClientKey('published').jwk;
const authority = createTestAuthority('ES256', Date.now() - 60_000);
const ownRoot = () => encodePem('CERTIFICATE', authority.certificate);
let server: Server;
let requests: IncomingMessage[];
let answer: (response: ServerResponse) => void;
let clock: ManualClock;
let vetted: string[];
let jwks: RemoteJwks;

before(async () => {
  const { privateKey } = generateKeys('ES256');
  const certificate = authority.issue({
    publicKeyInfo: exportPublicKeyInfo(privateKey),
    names: [
      { type: 'dns', value: 'localhost' },
      { type: 'ip', value: Uint8Array.of(127, 0, 0, 1) },
    ],
  });
  const tls = { key: privateKey.export({ type: 'pkcs8', format: 'pem' }), cert: encodePem('CERTIFICATE', certificate) };
  server = createServer(tls, (request, response) => {
    requests.push(request);
    answer(response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
after(() => {
  server.closeAllConnections();
  server.close();
});
beforeEach(() => {
  requests = [];
  vetted = [];
  answer = (response) => response.end(JSON.stringify({ keys: [key] }));
  clock = manualClock(0);
  const vetAddress = (address: string): boolean => vetted.push(address) > 0;
  jwks = createRemoteJwks({ clock, vetAddress, ownRoot });
});

const uri = (host = 'localhost'): string => `https://${host}:${(server.address() as AddressInfo).port}/jwks`;

test('keys are fetched over TLS from a vetted address, and remembered for ten minutes', async () => {
  const first = await jwks.keys(uri(), false);
  assert.ok(first.ok, JSON.stringify(first));
  assert.deepEqual(
    first.value.map(({ jwk }) => jwk.kid),
    ['published'],
  );
  assert.ok(vetted.includes('127.0.0.1'));
  clock.advance(599_999);
  assert.equal(await jwks.keys(uri(), false), first);
  assert.equal(requests.length, 1);
  clock.advance(1);
  await jwks.keys(uri(), false);
  assert.equal(requests.length, 2);
});

test('a key that was not found is looked for again, but not more often than every twenty seconds', async () => {
  await jwks.keys(uri(), true);
  await jwks.keys(uri(), true);
  assert.equal(requests.length, 1);
  clock.advance(20_000);
  await jwks.keys(uri(), true);
  assert.equal(requests.length, 2);
});

test('simultaneous askers share one request', async () => {
  await Promise.all(Array.from({ length: 5 }, () => jwks.keys(uri(), false)));
  assert.equal(requests.length, 1);
});

test('a failure is remembered for twenty seconds only', async () => {
  answer = (response) => response.writeHead(500).end();
  assert.equal((await jwks.keys(uri(), false)).ok, false);
  assert.equal((await jwks.keys(uri(), false)).ok, false);
  assert.equal(requests.length, 1);
  clock.advance(20_000);
  answer = (response) => response.end(JSON.stringify({ keys: [key] }));
  assert.equal((await jwks.keys(uri(), false)).ok, true);
});

test('RFC 8725: an address that is not allowed is not contacted, as a name or literally', async () => {
  const strict = createRemoteJwks({ clock, vetAddress: () => false, ownRoot });
  for (const host of ['localhost', '127.0.0.1', '[::1]', '2130706433']) {
    const refused = await strict.keys(uri(host), false);
    assert.match(refused.ok ? '' : refused.error.detail, /address that this server does not contact/, host);
  }
  assert.equal(requests.length, 0);
});

test('only https is spoken, and only with a certificate that is trusted for the name', async () => {
  for (const wrong of [uri().replace('https', 'http'), 'file:///etc/passwd', 'nonsense']) {
    const refused = await jwks.keys(wrong, false);
    assert.match(refused.ok ? '' : refused.error.detail, /not an https URI/, wrong);
  }
  const other = encodePem('CERTIFICATE', createTestAuthority('ES256', Date.now() - 60_000).certificate);
  const distrustful = createRemoteJwks({ clock, vetAddress: () => true, ownRoot: () => other });
  assert.match(JSON.stringify(await distrustful.keys(uri(), false)), /not over valid TLS/);
  assert.equal(requests.length, 0);
});

const bad: readonly [string, (response: ServerResponse) => void, RegExp][] = [
  ['a redirect', (response) => response.writeHead(302, { Location: '/other' }).end(), /status 302/],
  ['an error', (response) => response.writeHead(404).end(), /status 404/],
  ['a body without end', (response) => response.end('x'.repeat(70_000)), /longer than 65536/],
  ['no JSON', (response) => response.end('<html>'), /does not hold a JWK Set/],
  ['a list', (response) => response.end('[]'), /does not hold a JWK Set/],
  ['no keys', (response) => response.end('{}'), /unusable JWK Set/],
  ['a symmetric key', (response) => response.end('{"keys":[{"kty":"oct","k":"AA"}]}'), /unusable JWK Set/],
  ['a broken connection', (response) => response.destroy(), /did not answer/],
  [
    'a body that breaks off',
    (response) => {
      response.writeHead(200, { 'Content-Length': '100' });
      response.write('{"keys"', () => response.destroy());
    },
    /did not answer/,
  ],
];
for (const [name, reply, why] of bad) {
  test(`${name} is a fault with a sentence about it`, async () => {
    answer = reply;
    const outcome = await jwks.keys(uri(), false);
    assert.match(outcome.ok ? '' : outcome.error.detail, why);
    assert.equal(requests.length, 1);
  });
}

test('an answer that does not come, or does not end, is given up', async () => {
  const hurried = createRemoteJwks({ clock, vetAddress: () => true, ownRoot, longestWait: 200 });
  const slow = [() => {}, (response: ServerResponse) => void response.write('{"keys":[')];
  for (const reply of slow) {
    answer = reply;
    const outcome = await hurried.keys(uri(), true);
    assert.match(outcome.ok ? '' : outcome.error.detail, /did not answer/);
    clock.advance(20_000);
  }
});
