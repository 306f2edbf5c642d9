import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { createAddressCheck } from './address-policy.ts';
import { parseIpAddress, parseIpPrefix } from './ip-address.ts';

const allowed = (reach: readonly string[], address: string) => createAddressCheck(reach)(address) === undefined;
const everything = ['public', 'private', 'loopback', '0.0.0.0/0', '::/0'];

describe('address policy', () => {
  const never = [
    ['cloud metadata', '169.254.169.254'],
    ['container metadata', '169.254.170.2'],
    ['cloud metadata in shared space', '100.100.100.200'],
    ['platform service', '168.63.129.16'],
    ['metadata over IPv6', 'fd00:ec2::254'],
    ['metadata over IPv6, elsewhere', 'fd20:ce::254'],
    ['unspecified', '0.0.0.0'],
    ['"this network"', '0.1.2.3'],
    ['unspecified IPv6', '::'],
    ['broadcast', '255.255.255.255'],
    ['multicast', '224.0.0.251'],
    ['multicast IPv6', 'ff02::fb'],
    ['link-local IPv6', 'fe80::1'],
    ['link-local with a zone', 'fe80::1%eth0'],
    ['site-local', 'fec0::1'],
    ['documentation', '192.0.2.7'],
    ['documentation 2', '198.51.100.7'],
    ['documentation 3', '203.0.113.7'],
    ['documentation IPv6', '2001:db8::7'],
    ['documentation IPv6, new', '3fff::7'],
    ['benchmarking', '198.18.0.1'],
    ['reserved', '240.0.0.1'],
    ['protocol assignments', '192.0.0.192'],
    ['Teredo', '2001:0:1::1'],
    ['discard-only', '100::1'],
    ['IPv4-compatible', '::192.168.1.1'],
    ['local NAT64', '64:ff9b:1::a00:1'],
    ['segment routing', '5f00::1'],
    ['metadata as IPv4-mapped', '::ffff:169.254.169.254'],
    ['metadata as IPv4-mapped in hex', '::ffff:a9fe:a9fe'],
    ['metadata through NAT64', '64:ff9b::a9fe:a9fe'],
    ['metadata through 6to4', '2002:a9fe:a9fe::1'],
    ['no address at all', 'localhost'],
    ['an odd spelling', '0x7f.1'],
    ['octal', '0177.0.0.1'],
  ] as const;
  for (const [what, address] of never) {
    it(`never contacts ${what} (${address}), whatever is configured`, () => {
      assert.equal(allowed(everything, address), false);
    });
  }

  const byDefault: readonly [string, boolean][] = [
    ['10.1.2.3', true],
    ['172.31.255.255', true],
    ['172.32.0.1', true],
    ['192.168.1.20', true],
    ['100.64.0.9', true],
    ['fd12:3456::1', true],
    ['8.8.8.8', true],
    ['2606:4700::1111', true],
    ['::ffff:10.0.0.1', true],
    ['127.0.0.1', false],
    ['127.255.0.1', false],
    ['::1', false],
    ['::ffff:127.0.0.1', false],
    ['64:ff9b::7f00:1', false],
    ['2002:7f00:1::', false],
  ];
  for (const [address, expected] of byDefault) {
    it(`${expected ? 'contacts' : 'does not contact'} ${address} by default`, () => {
      assert.equal(allowed(['public', 'private'], address), expected);
    });
  }

  it('contacts loopback only when told to', () => {
    assert.equal(allowed(['public', 'private', 'loopback'], '127.0.0.1'), true);
    assert.equal(allowed(['loopback'], '10.0.0.1'), false);
  });

  it('contacts the given ranges and nothing else', () => {
    assert.equal(allowed(['10.0.0.0/8'], '10.9.9.9'), true);
    assert.equal(allowed(['10.0.0.0/8'], '11.0.0.1'), false);
    assert.equal(allowed(['192.168.1.128/25'], '192.168.1.127'), false);
    assert.equal(allowed(['192.168.1.128/25'], '192.168.1.128'), true);
    assert.equal(allowed(['fd00:1::/32'], 'fd00:1:2::3'), true);
    assert.equal(allowed(['10.0.0.7'], '10.0.0.7'), true);
  });

  it('says why', () => {
    assert.match(createAddressCheck(['public'])('10.0.0.1') ?? '', /private network.*not configured/);
    assert.match(createAddressCheck(['public'])('::ffff:169.254.169.254') ?? '', /metadata.*never/);
  });

  it('refuses a policy that cannot be read', () => {
    assert.throws(() => createAddressCheck(['10.0.0.0/33']), /not an address prefix/);
  });

  it('decides IPv4 alike in every spelling that embeds it', () => {
    const check = createAddressCheck(['public', 'private']);
    fc.assert(
      fc.property(fc.ipV4(), (address) => {
        const plain = check(address);
        for (const form of [`::ffff:${address}`, `64:ff9b::${address}`]) assert.equal(check(form), plain);
      }),
    );
  });
});

describe('IP addresses', () => {
  for (const text of [
    '',
    '1.2.3',
    '1.2.3.4.5',
    '01.2.3.4',
    '256.1.1.1',
    ':',
    ':::',
    '1::2::3',
    '::12345',
    '1:2:3:4:5:6:7',
    '1:2:3:4:5:6:7:8:9',
    '::1.2.3',
    '1.2.3.4::',
    '::g',
    '1:2:3:4:5:6:7::8',
    '+1.2.3.4',
    ' 1.2.3.4',
  ]) {
    it(`${JSON.stringify(text)} is none`, () => assert.equal(parseIpAddress(text), undefined));
  }

  it('reads what WHATWG URL normalises to', () => {
    fc.assert(
      fc.property(fc.ipV6(), (address) => {
        const normal = new URL(`http://[${address}]/`).hostname.slice(1, -1);
        assert.deepEqual(parseIpAddress(address), parseIpAddress(normal));
        assert.equal(parseIpAddress(address)?.length, 16);
      }),
    );
  });

  for (const text of ['10.0.0.0/33', '10.0.0.0/', '10.0.0.0/8/8', 'x/8', '::/129', '10.0.0.0/-1']) {
    it(`${text} is no prefix`, () => assert.equal(parseIpPrefix(text), undefined));
  }
});
