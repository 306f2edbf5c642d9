/** Addresses as they appear in certificates. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ip } from './ip.ts';

function octets(text: string): string | undefined {
  const name = ip.toGeneralName(text);
  return name?.type === 'ip' ? Buffer.from(name.value).toString('hex') : undefined;
}

test('both families, with and without shortened zeros', () => {
  assert.equal(octets('192.0.2.1'), 'c0000201');
  assert.equal(octets('0.0.0.0'), '00000000');
  assert.equal(octets('::'), '0'.repeat(32));
  assert.equal(octets('::1'), `${'0'.repeat(31)}1`);
  assert.equal(octets('2001:db8::'), `20010db8${'0'.repeat(24)}`);
  assert.equal(octets('2001:DB8:0:1::abcd'), '20010db800000001000000000000abcd');
  assert.equal(octets('1:2:3:4:5:6:7:8'), '00010002000300040005000600070008');
  assert.equal(octets('1:2:3:4:5:6:7::'), '00010002000300040005000600070000');
});

test('fail/anything else', () => {
  const texts = [
    ...['', '1.2.3', '1.2.3.4.5', '256.1.1.1', '01.2.3.4', '1.2.3.4 ', '0x7f.0.0.1', 'a.example', '1.2.3.-4'],
    ...[':', ':::', '1::2::3', '1:2:3:4:5:6:7', '1:2:3:4:5:6:7:8:9', '1:2:3:4::5:6:7:8', '12345::', 'g::', ':1::'],
    ...['fe80::1%eth0', '[::1]', '::ffff:192.0.2.1'],
  ];
  for (const text of texts) assert.equal(octets(text), undefined, text);
});
