/** The names in the server's own certificate. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ownNames } from './own-names.ts';

function names(issuer: string, listenHost: string, hostname = 'box'): readonly string[] {
  return ownNames({ issuer: new URL(issuer), listenHost, hostname }).map(({ type, value }) => `${type}:${value}`);
}

test('on localhost it is every way to say localhost', () => {
  const expected = ['dns:localhost', 'ip:127.0.0.1', 'ip:::1'];
  assert.deepEqual(names('https://localhost:8443', 'localhost'), expected);
  assert.deepEqual(names('https://localhost:8443', '127.0.0.1'), expected);
  assert.deepEqual(names('https://localhost:8443', '[::1]'), expected);
});

test("the issuer's host comes first", () => {
  assert.deepEqual(names('https://Auth.Example/tenant', '192.0.2.7'), ['dns:auth.example', 'ip:192.0.2.7']);
});

test('listening on all addresses adds localhost and the machine', () => {
  for (const host of ['0.0.0.0', '::', '[::]', '']) {
    assert.deepEqual(names('https://auth.example', host), [
      'dns:auth.example',
      'dns:localhost',
      'ip:127.0.0.1',
      'ip:::1',
      'dns:box',
    ]);
  }
});

test('a machine name that is no host name is left out', () => {
  assert.ok(!names('https://auth.example', '::', 'my_box').includes('dns:my_box'));
});

test('an issuer that is an address', () => {
  assert.deepEqual(names('https://[2001:db8::1]/', '2001:db8::1'), ['ip:2001:db8::1']);
});
