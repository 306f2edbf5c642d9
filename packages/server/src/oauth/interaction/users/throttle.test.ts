import assert from 'node:assert/strict';
import { test } from 'node:test';
import { throttleKeys } from './throttle.ts';

const secret = new Uint8Array(32);
const key = (username: string, address: string) => throttleKeys(secret, username, address);

test('one user has one key, however the name is written', () => {
  const { username } = key('straße', '::1');
  for (const other of ['STRASSE', 'Straße', 'ｓtrasse']) assert.equal(key(other, '::1').username, username);
  assert.notEqual(key('strase', '::1').username, username);
});

test('an IPv6 host is counted by its /64, an IPv4 host by its address', () => {
  const { address } = key('a', '2001:db8:1:2:3:4:5:6');
  for (const neighbour of ['2001:db8:1:2::', '2001:db8:1:2:ffff::1', '2001:DB8:1:2::9']) {
    assert.equal(key('a', neighbour).address, address);
  }
  assert.notEqual(key('a', '2001:db8:1:3::1').address, address);
  assert.notEqual(key('a', '192.0.2.1').address, key('a', '192.0.2.2').address);
  assert.notEqual(key('a', '::ffff:192.0.2.1').address, key('a', '::ffff:192.0.2.2').address);
});

test('keys name nobody', () => {
  const { username, address } = key('aiko', '192.0.2.1');
  assert.match(username, /^[0-9a-f]{40}$/);
  assert.match(address, /^[0-9a-f]{40}$/);
  assert.notEqual(throttleKeys(new Uint8Array(32).fill(1), 'aiko', '192.0.2.1').username, username);
});
