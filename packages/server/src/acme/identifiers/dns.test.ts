import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { unwrap } from '@tegata/core/result';
import fc from 'fast-check';
import { dnsIdentifier, parseDnsName } from './dns.ts';
import { isLocalName } from './local-names.ts';

describe('dns identifiers', () => {
  const accepted: readonly [string, string][] = [
    ['www.example.org', 'www.example.org'],
    ['WWW.Example.ORG', 'www.example.org'],
    ['nas', 'nas'],
    ['printer.local', 'printer.local'],
    ['xn--bcher-kva.example', 'xn--bcher-kva.example'],
    ['3com.example', '3com.example'],
    ['1.2.3.4.example', '1.2.3.4.example'],
    ['a--b.example', 'a--b.example'],
    ['*.example.org', '*.example.org'],
    ['*.home.arpa', '*.home.arpa'],
    [`${'a'.repeat(63)}.example`, `${'a'.repeat(63)}.example`],
  ];
  for (const [sent, canonical] of accepted) {
    it(`takes ${sent.slice(0, 30)} as ${canonical.slice(0, 30)}`, () => {
      assert.equal(unwrap(parseDnsName(sent)), canonical);
    });
  }

  const refused: readonly [string, RegExp][] = [
    ['', /empty/],
    ['.', /dot/],
    ['example.org.', /ends with a dot/],
    ['.example.org', /empty label/],
    ['a..b', /empty label/],
    ['-a.example', /hyphens/],
    ['a-.example', /hyphens/],
    ['a_b.example', /underscores/],
    ['_acme-challenge.example.org', /underscores/],
    ['bücher.example', /A-labels/],
    ['xn--a.example', /A-label/],
    ['xn--zzzzzzzz99999.example', /A-label/],
    ['ab--c.example', /A-label/],
    ['192.0.2.1', /IP address/],
    ['1.2.3', /IP address/],
    ['host.0x7f', /IP address/],
    ['::1', /IPv6|port/],
    ['[::1]', /IPv6|port/],
    ['example.org:443', /port/],
    ['exa mple.org', /blanks/],
    ['example.org\u0000', /blanks|beyond/],
    ['a.*.example', /"\*"/],
    ['*a.example', /"\*"/],
    ['*.*.example', /"\*"/],
    ['*', /"\*"/],
    ['*.', /dot/],
    ['http://example.org', /port|labels/],
    ['user@example.org', /letters/],
    [`${'a'.repeat(64)}.example`, /63/],
    [`${'a.'.repeat(130)}example`, /253/],
  ];
  for (const [sent, reason] of refused) {
    it(`refuses ${JSON.stringify(sent.slice(0, 30))}`, () => {
      const parsed = parseDnsName(sent);
      assert.ok(!parsed.ok);
      assert.equal(parsed.error.type, 'malformed');
      assert.match(parsed.error.detail, reason);
    });
  }

  it('refuses a wildcard for a whole top-level domain', () => {
    const parsed = parseDnsName('*.org');
    assert.ok(!parsed.ok);
    assert.equal(parsed.error.type, 'rejectedIdentifier');
  });

  it('agrees with the host parser about the A-labels of any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 12 }), (text) => {
        if (!URL.canParse(`http://a${text}.example/`)) return;
        const name = new URL(`http://a${text}.example/`).hostname;
        if (/^xn--[a-z0-9-]{1,59}\.example$/.test(name))
          assert.deepEqual(parseDnsName(name), { ok: true, value: name });
      }),
    );
  });

  it('proves a wildcard by its base', () => {
    assert.deepEqual(dnsIdentifier.authorizationFor('*.example.org'), { value: 'example.org', wildcard: true });
    assert.deepEqual(dnsIdentifier.authorizationFor('example.org'), { value: 'example.org', wildcard: false });
  });

  it('reads names of certificates, and common names that are host names', () => {
    assert.equal(dnsIdentifier.fromGeneralName({ type: 'dns', value: 'A.Example' }), 'a.example');
    assert.equal(dnsIdentifier.fromGeneralName({ type: 'email', value: 'a@example' }), undefined);
    assert.equal(dnsIdentifier.fromCommonName('My web server'), undefined);
  });

  it('never throws, and what it accepts it accepts again unchanged', () => {
    const text = fc.oneof(fc.string(), fc.domain(), fc.stringMatching(/^[a-z0-9.*-]{0,40}$/));
    fc.assert(
      fc.property(text, (sent) => {
        const parsed = parseDnsName(sent);
        if (!parsed.ok) return;
        assert.deepEqual(parseDnsName(parsed.value), parsed);
        assert.match(parsed.value, /^(?:\*\.)?[a-z0-9.-]+$/);
      }),
    );
  });
});

describe('local names', () => {
  for (const name of [
    'nas',
    'localhost',
    'a.localhost',
    'x.local',
    'x.home.arpa',
    'internal',
    'db.internal',
    'a.lan',
  ]) {
    it(`${name} is one`, () => assert.equal(isLocalName(name), true));
  }
  for (const name of ['example.org', 'local.example', 'notlocal.notinternal', 'x.arpa', 'localhost.example']) {
    it(`${name} is none`, () => assert.equal(isLocalName(name), false));
  }
});
