import assert from 'node:assert/strict';
import { test } from 'node:test';
import { addParameters, formTargets } from './answer.ts';

test('parameters are added to whatever query there is, and nothing else is changed', () => {
  const cases: Record<string, string> = {
    'https://client.example/cb': 'https://client.example/cb?a=b+c',
    'https://client.example/cb?': 'https://client.example/cb?a=b+c',
    'https://client.example/cb?x=%20': 'https://client.example/cb?x=%20&a=b+c',
    'https://client.example/cb?x&': 'https://client.example/cb?x&a=b+c',
    'com.example.app:/cb': 'com.example.app:/cb?a=b+c',
    'http://[::1]:1234/': 'http://[::1]:1234/?a=b+c',
  };
  for (const [uri, expected] of Object.entries(cases))
    assert.equal(addParameters(uri, { a: 'b c', none: undefined }), expected);
  assert.equal(addParameters('https://client.example/cb', {}), 'https://client.example/cb');
});

test('values cannot add parameters or lines of their own', () => {
  const added = addParameters('https://client.example/cb', { state: 'x&code=stolen#\r\nSet-Cookie: a=b' });
  assert.equal(added, 'https://client.example/cb?state=x%26code%3Dstolen%23%0D%0ASet-Cookie%3A+a%3Db');
});

test('a form may lead to the scheme of the redirect URI, and never to more', () => {
  assert.deepEqual(formTargets('https://client.example/cb'), ['https:']);
  assert.deepEqual(formTargets('http://127.0.0.1:8080/cb'), ['http:']);
  assert.deepEqual(formTargets('com.example.app:/cb'), ['com.example.app:']);
  assert.deepEqual(formTargets("x; script-src 'unsafe-inline':/"), []);
});
