import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkRedirectUri, matchRedirectUri } from './redirect-uri.ts';

const acceptedForWeb = [
  'https://client.example/callback',
  'https://client.example/callback?tenant=1',
  'https://client.example:8443/cb',
  'https://client.example',
  'https://localhost/cb',
  'https://xn--zckzah.example/cb',
  'https://192.0.2.1/cb',
];
const acceptedForNative = [
  'http://127.0.0.1/cb',
  'http://127.0.0.1:51004/cb',
  'http://[::1]:51004/cb',
  'com.example.app:/callback',
  'com.example.app://callback',
  'https://app.example/claimed',
];
const refusedForEverybody: readonly [string, RegExp][] = [
  ['http://client.example/cb', /https|127/],
  ['http://localhost/cb', /https|127/],
  ['http://localhost:8080/cb', /https|127/],
  ['http://127.0.0.2/cb', /https|127/],
  ['http://127.0.0.1.evil.example/cb', /https|127/],
  ['http://127.0.0.1@evil.example/cb', /user information/],
  ['http://127.1/cb', /https|127/],
  ['http://[::1/cb', /absolute/],
  ['http://[::ffff:127.0.0.1]/cb', /https|127/],
  ['https://user@client.example/cb', /user information/],
  ['https://client.example/cb#fragment', /fragment/],
  ['https://client.example/cb#', /fragment/],
  ['https://client.example/a/../cb', /path segment/],
  ['https://client.example/a/%2e%2e/cb', /path segment/],
  ['https://client.example/./cb', /path segment/],
  ['HTTPS://client.example/cb', /canonical/],
  ['https://Client.example/cb', /canonical/],
  ['https:client.example/cb', /canonical/],
  ['https:///cb', /canonical|absolute/],
  ['https://client%2eexample/cb', /canonical/],
  ['https://client.example/a b', /characters/],
  ['https://client.example/\u00e9', /characters/],
  ['https://client.example/\n', /characters/],
  ['https://client.example\\@evil.example/', /characters/],
  ['javascript:alert(1)', /scheme|https/],
  ['data:text/html,x', /scheme|https/],
  ['myapp:/callback', /scheme|https/],
  ['/callback', /absolute/],
  ['client.example/callback', /absolute/],
  ['', /characters/],
  [`https://client.example/${'a'.repeat(2000)}`, /longer/],
];

test('web clients may register https redirect URIs, and native ones also private-use schemes and loopback addresses', () => {
  for (const uri of acceptedForWeb) {
    assert.deepEqual(checkRedirectUri(uri, 'web').ok, true, uri);
    assert.deepEqual(checkRedirectUri(uri, 'native').ok, true, uri);
  }
  for (const uri of acceptedForNative) assert.equal(checkRedirectUri(uri, 'native').ok, true, uri);
  for (const uri of acceptedForNative.slice(0, -1)) assert.equal(checkRedirectUri(uri, 'web').ok, false, uri);
});

test('RFC 9700: no http redirect URIs except loopback, no fragments, no user information, no way to write one host twice', () => {
  for (const [uri, why] of refusedForEverybody) {
    for (const type of ['web', 'native'] as const) {
      const checked = checkRedirectUri(uri, type);
      assert.ok(!checked.ok, `${type} ${uri}`);
      assert.match(checked.error, why, `${type} ${uri}`);
    }
  }
});

test('RFC 9700: a requested redirect URI is compared as a string with the registered ones', () => {
  const registered = ['https://client.example/cb', 'https://client.example/other?x=1'];
  for (const uri of registered) assert.equal(matchRedirectUri(registered, uri, 'web'), uri);
  const near = [
    'https://client.example/cb/',
    'https://client.example/CB',
    'https://client.example/%63b',
    'https://client.example/cb?x=1',
    'https://client.example:443/cb',
    'https://client.example:8443/cb',
    'https://sub.client.example/cb',
    'https://client.example/x/../cb',
    'https://user@client.example/cb',
    'http://client.example/cb',
    'https://client.example/other',
    'https://client.example/cb#',
    '',
  ];
  for (const uri of near) {
    assert.equal(matchRedirectUri(registered, uri, 'web'), undefined, uri);
    assert.equal(matchRedirectUri(registered, uri, 'native'), undefined, uri);
  }
});

test('RFC 8252: the port of a loopback redirect URI is free for native clients, and nothing else of it', () => {
  const registered = ['http://127.0.0.1/cb', 'http://[::1]:1234/cb?x=1'];
  assert.equal(matchRedirectUri(registered, 'http://127.0.0.1:51004/cb', 'native'), registered[0]);
  assert.equal(matchRedirectUri(registered, 'http://[::1]/cb?x=1', 'native'), registered[1]);
  assert.equal(matchRedirectUri(registered, 'http://127.0.0.1:51004/cb', 'web'), undefined);
  const near = [
    'http://127.0.0.1:51004/cb/',
    'http://127.0.0.1:51004/',
    'http://127.0.0.1:51004/cb?x=1',
    'http://127.0.0.1:99999/cb',
    'http://127.0.0.1:/cb',
    'http://127.0.0.1:80@evil.example/cb',
    'http://127.0.0.10:51004/cb',
    'http://localhost:51004/cb',
    'https://127.0.0.1:51004/cb',
    'http://[::1]:51004/cb',
  ];
  for (const uri of near) assert.equal(matchRedirectUri(registered, uri, 'native'), undefined, uri);
});
