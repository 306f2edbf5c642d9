import assert from 'node:assert/strict';
import { test } from 'node:test';
import { audienceOf, checkResources, narrowResources } from './resource-indicator.ts';

const issuer = 'https://as.example';
const api = 'https://api.example/v1';
const client = { allowedResources: [api, 'urn:example:files'] };
const rules = { issuer, sharedResources: ['https://shared.example'] };

test('a client may ask for its own resources, the shared ones, and the server itself', () => {
  const all = [api, 'urn:example:files', 'https://shared.example', issuer];
  assert.deepEqual(checkResources([...all, api], client, rules), { ok: true, value: all });
});

test("RFC 8707: a resource that is no absolute URI, has a fragment, or is not the client's is invalid_target", () => {
  const many = Array.from({ length: 11 }, () => api);
  const bad = ['/v1', 'api.example', 'https://api.example/v1#x', 'https://api.example/v1/', 'https://evil.example', ''];
  for (const resources of [...bad.map((uri) => [api, uri]), many]) {
    const checked = checkResources(resources, client, rules);
    assert.equal(checked.ok ? '' : checked.error.code, 'invalid_target', resources.join(' '));
  }
});

test('resources granted by name are only ever narrowed, and without names the request decides', () => {
  assert.deepEqual(narrowResources([], [api]), { ok: true, value: [api] });
  assert.deepEqual(narrowResources([api], [api, issuer]), { ok: true, value: [api] });
  assert.deepEqual(narrowResources([api], []), { ok: true, value: [api] });
  const other = narrowResources(['https://shared.example'], [api]);
  assert.equal(other.ok ? '' : other.error.code, 'invalid_target');
});

test("a token is for the named resources alone, else for the client's, and never for nobody", () => {
  assert.deepEqual(audienceOf([api], ['openid'], client, issuer), [api]);
  assert.deepEqual(audienceOf([], ['api:read'], client, issuer), client.allowedResources);
  assert.deepEqual(audienceOf([], ['openid'], client, issuer), [...client.allowedResources, issuer]);
  assert.deepEqual(audienceOf([], [], { allowedResources: [] }, issuer), [issuer]);
});
