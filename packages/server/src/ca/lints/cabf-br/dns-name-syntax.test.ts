/** dns-name-syntax: what it lets pass and what it finds. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { dnsName, finding } from '../../../../../../test/support/lint-samples.ts';
import { dnsNameSyntax } from './dns-name-syntax.ts';

const good = {
  'a host': 'host.a.example',
  'a host without dots': 'localhost',
  'a wildcard over a domain': '*.a.example',
  'an A-label': 'xn--bcher-kva.example',
  'a label of 63 characters': `${'a'.repeat(63)}.example`,
  'digits in a label before the last': '1.2.3.example',
};
for (const [title, name] of Object.entries(good)) {
  test(`good/${title}`, () => {
    assert.equal(finding(dnsNameSyntax, 'leaf', { names: [dnsName(name)] }), undefined);
  });
}

const bad = {
  'an upper-case letter': 'A.example',
  'a dot at the end': 'a.example.',
  'an empty label': 'a..example',
  'a label of 64 characters': `${'a'.repeat(64)}.example`,
  'more than 253 characters': `${'abcdefghi.'.repeat(25)}example`,
  'an underscore': '_dmarc.example',
  'a hyphen at the edge of a label': '-a.example',
  'a wildcard over a top-level domain': '*.example',
  'a wildcard alone': '*',
  'a wildcard inside': 'a.*.example',
  'a wildcard as part of a label': 'a*.b.example',
  'an IPv4 address': '192.0.2.1',
};
for (const [title, name] of Object.entries(bad)) {
  test(`bad/${title}`, () => {
    assert.match(
      finding(dnsNameSyntax, 'leaf', { names: [dnsName('a.example'), dnsName(name)] }) ?? '',
      /not a host name/,
    );
  });
}
