import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Endpoint, HttpMethod } from '../ports/endpoint.ts';
import { createRouter } from './router.ts';

function endpoint(name: string, path: string, methods: readonly HttpMethod[] = ['GET']): Endpoint {
  const answer = () => ({ status: 200, headers: [] });
  return {
    name,
    path,
    methods,
    body: { mediaType: undefined, limit: 0 },
    cors: 'none',
    handle: answer,
    refuse: answer,
  };
}

describe('router', () => {
  const router = createRouter([
    endpoint('token', '/token', ['POST']),
    endpoint('order', '/acme/order/{id}', ['POST']),
    endpoint('finalize', '/acme/order/{id}/finalize', ['POST']),
    endpoint('crl', '/crl/{issuer}.crl'),
    endpoint('show', '/login'),
    endpoint('submit', '/login', ['POST']),
  ]);

  it('finds exact paths and tells methods at one path apart', () => {
    const shown = router.find('GET', '/login');
    const submitted = router.find('POST', '/login');
    assert.ok(shown.kind === 'endpoint' && shown.endpoint.name === 'show');
    assert.ok(submitted.kind === 'endpoint' && submitted.endpoint.name === 'submit');
  });

  it('reads parameters, percent-decoded, with a fixed ending', () => {
    const order = router.find('POST', '/acme/order/a%2Fb');
    assert.ok(order.kind === 'endpoint');
    assert.deepEqual(order.params, { id: 'a/b' });
    const crl = router.find('GET', '/crl/key1.crl');
    assert.ok(crl.kind === 'endpoint');
    assert.deepEqual(crl.params, { issuer: 'key1' });
  });

  it('answers HEAD where GET is', () => {
    assert.equal(router.find('HEAD', '/login').kind, 'endpoint');
    assert.equal(router.find('HEAD', '/token').kind, 'method_not_allowed');
  });

  it('names every allowed method of a path', () => {
    const match = router.find('DELETE', '/login');
    assert.ok(match.kind === 'method_not_allowed');
    assert.deepEqual(match.allowed, ['GET', 'POST']);
  });

  for (const path of [
    '/Token',
    '/token/',
    '//token',
    '/acme/order/',
    '/acme/order/%ff',
    '/acme/order/%00',
    '/acme/order/a%0d%0ab',
    '/crl/.crl',
    '/crl/key1',
    '',
    `/acme/order/${'a'.repeat(3000)}`,
  ]) {
    it(`has nothing at ${JSON.stringify(path.slice(0, 40))}`, () => {
      assert.equal(router.find('POST', path).kind, 'not_found');
    });
  }

  it('refuses two endpoints of one name', () => {
    assert.throws(() => createRouter([endpoint('a', '/a'), endpoint('a', '/b')]), /two endpoints are called a/);
  });

  it('refuses two endpoints for one method at one path, whatever the parameter is called', () => {
    assert.throws(
      () => createRouter([endpoint('a', '/x/{id}'), endpoint('b', '/x/{name}')]),
      /two endpoints answer GET/,
    );
  });
});
