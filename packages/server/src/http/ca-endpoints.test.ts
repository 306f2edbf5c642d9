/** CRLs and CA certificates as anybody downloads them. */
import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import { type HttpRequest, responseHeader } from '@tegata/core/http/message';
import { day, hour } from '@tegata/core/time/duration';
import { openTestCa, type TestCa, testStart } from '../../../../test/support/ca.ts';
import type { Endpoint } from '../ports/endpoint.ts';
import { createCaEndpoints } from './ca-endpoints.ts';
import { createRouter } from './router.ts';

let ca: TestCa;
let endpoints: readonly Endpoint[];
beforeEach(async () => {
  ca = await openTestCa();
  await ca.crls.maintain();
  endpoints = createCaEndpoints({ ...ca, basePath: '/pki' });
});
afterEach(() => ca.store.close());

async function get(path: string, headers: Readonly<Record<string, string>> = {}) {
  const match = createRouter(endpoints).find('GET', path);
  assert.ok(match.kind === 'endpoint', path);
  const request: HttpRequest = {
    id: 'r1',
    method: 'GET',
    path,
    query: '',
    params: match.params,
    headers,
    rawHeaders: [],
    body: new Uint8Array(),
    peer: { address: '192.0.2.1', secure: false },
  };
  return match.endpoint.handle(request, { now: ca.clock.now(), signal: AbortSignal.timeout(10_000) });
}

test('the addresses in certificates lead to the CRL and the certificate of the issuer', async () => {
  const { keyId, certificate } = ca.hierarchy.active();
  const crl = await get(`/pki/crl/${keyId}.crl`);
  assert.equal(crl.status, 200);
  assert.equal(responseHeader(crl, 'content-type'), 'application/pkix-crl');
  assert.deepEqual(crl.body, (await ca.crls.current(keyId))?.der);
  const issuer = await get(`/pki/ca/${keyId}.crt`);
  assert.equal(responseHeader(issuer, 'content-type'), 'application/pkix-cert');
  assert.deepEqual(issuer.body, certificate.der);
});

test('the root comes in DER and in PEM', async () => {
  const { certificate, pem } = ca.hierarchy.root();
  assert.deepEqual((await get('/pki/ca/root.crt')).body, certificate.der);
  assert.deepEqual((await get(`/pki/ca/${ca.hierarchy.root().keyId}.crt`)).body, certificate.der);
  const asPem = await get('/pki/ca/root.pem');
  assert.equal(asPem.body, pem);
  assert.equal(responseHeader(asPem, 'content-type'), 'application/x-pem-file');
});

test('a CRL may be cached for an hour, and not beyond its nextUpdate', async () => {
  const path = `/pki/crl/${ca.hierarchy.active().keyId}.crl`;
  const fresh = await get(path);
  assert.equal(responseHeader(fresh, 'cache-control'), 'public, max-age=3600');
  assert.equal(responseHeader(fresh, 'last-modified'), new Date(testStart - hour).toUTCString());
  ca.clock.advance(7 * day - hour / 2);
  assert.equal(responseHeader(await get(path), 'cache-control'), 'public, max-age=1800');
  ca.clock.advance(day);
  assert.equal(responseHeader(await get(path), 'cache-control'), 'public, max-age=0');
});

test('what the client has already is not sent again', async () => {
  for (const path of [`/pki/crl/${ca.hierarchy.active().keyId}.crl`, '/pki/ca/root.pem']) {
    const tag = responseHeader(await get(path), 'etag') ?? '';
    for (const field of [tag, `W/${tag}`, `"other", ${tag}`, '*']) {
      const again = await get(path, { 'if-none-match': field });
      assert.equal(again.status, 304);
      assert.equal(again.body, undefined);
      assert.equal(responseHeader(again, 'etag'), tag);
    }
    assert.equal((await get(path, { 'if-none-match': '"other"' })).status, 200);
  }
});

test('a new CRL has a new tag', async () => {
  const path = `/pki/crl/${ca.hierarchy.active().keyId}.crl`;
  const tag = responseHeader(await get(path), 'etag') ?? '';
  ca.clock.advance(day);
  await ca.crls.maintain();
  assert.equal((await get(path, { 'if-none-match': tag })).status, 200);
});

test('fail/issuers that do not exist', async () => {
  for (const path of ['/pki/crl/ffffffffffffffffffff.crl', '/pki/ca/..%2froot.crt']) {
    assert.equal((await get(path)).status, 404, path);
  }
});

test('fail/faults at the edge are told in plain text', async () => {
  const [endpoint] = endpoints;
  assert.ok(endpoint !== undefined);
  const answer = await endpoint.refuse({ kind: 'method_not_allowed', allowed: ['GET', 'HEAD'] }, {} as HttpRequest);
  assert.equal(answer.status, 405);
  assert.equal(responseHeader(answer, 'allow'), 'GET, HEAD');
});
