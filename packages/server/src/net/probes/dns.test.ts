import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { unwrap } from '@tegata/core/result';
import { type DnsServer, startDnsServer } from '../../../../../test/support/dns-server.ts';
import { createDns, type Dns } from './dns.ts';

describe('DNS probe', () => {
  let server: DnsServer;
  let dns: Dns;
  const signal = new AbortController().signal;

  before(async () => {
    server = await startDnsServer();
    dns = createDns([server.address]);
  });
  after(() => server.stop());

  it('joins the character-strings of a TXT record and keeps records apart', async () => {
    server.add('_acme-challenge.txt.example', { type: 'TXT', value: ['abc', 'def'] });
    server.add('_acme-challenge.txt.example', { type: 'TXT', value: 'second' });
    assert.deepEqual(unwrap(await dns.resolveTxt('_acme-challenge.txt.example', signal)), ['abcdef', 'second']);
  });

  it('follows an alias to the TXT record', async () => {
    server.add('_acme-challenge.alias.example', { type: 'CNAME', value: 'elsewhere.example' });
    server.add('elsewhere.example', { type: 'TXT', value: 'there' });
    assert.deepEqual(unwrap(await dns.resolveTxt('_acme-challenge.alias.example', signal)), ['there']);
  });

  it('reads a record set that needs TCP, of which UDP carries a part', async () => {
    const values = Array.from({ length: 40 }, (_, at) => `${at} ${'x'.repeat(200)}`);
    for (const value of values) server.add('big.example', { type: 'TXT', value });
    assert.equal(unwrap(await dns.resolveTxt('big.example', signal)).length, 40);
  });

  it('takes a name that does not exist, and one without such records, for an empty answer', async () => {
    server.add('only-a.example', { type: 'A', value: '192.0.2.1' });
    assert.deepEqual(unwrap(await dns.resolveTxt('missing.example', signal)), []);
    assert.deepEqual(unwrap(await dns.resolveTxt('only-a.example', signal)), []);
    assert.deepEqual(unwrap(await dns.resolveCaa('missing.example', signal)), []);
  });

  for (const failure of ['SERVFAIL', 'REFUSED'] as const) {
    it(`tells ${failure} from an empty answer`, async () => {
      server.fail('broken.example', failure);
      for (const result of [
        await dns.resolveTxt('broken.example', signal),
        await dns.resolveCaa('broken.example', signal),
        await dns.resolveAddresses('broken.example', signal),
      ]) {
        assert.ok(!result.ok);
        assert.equal(result.error.kind, 'dns');
        assert.match(result.error.detail, /^broken\.example could not be looked up: /);
      }
    });
  }

  it('reads CAA records: flag, tag and value, also of tags it does not know', async () => {
    server.add('caa.example', { type: 'CAA', flags: 0, tag: 'issue', value: 'ca.example; accounturi=x' });
    server.add('caa.example', { type: 'CAA', flags: 128, tag: 'tbs', value: 'unknown' });
    assert.deepEqual(unwrap(await dns.resolveCaa('caa.example', signal)), [
      { critical: false, tag: 'issue', value: 'ca.example; accounturi=x' },
      { critical: true, tag: 'tbs', value: 'unknown' },
    ]);
  });

  for (const tag of ['critical', 'type']) {
    it(`takes a CAA record with the tag "${tag}", which hides another member, for a critical unknown one`, async () => {
      server.add(`${tag}.odd.example`, { type: 'CAA', flags: 0, tag, value: 'x' });
      const found = unwrap(await dns.resolveCaa(`${tag}.odd.example`, signal));
      assert.deepEqual(found, [{ critical: true, tag: 'unreadable', value: '' }]);
    });
  }

  it('gives IPv6 and IPv4 addresses, and either alone', async () => {
    server.add('both.example', { type: 'A', value: '10.0.0.1' });
    server.add('both.example', { type: 'AAAA', value: 'fd00::1' });
    server.add('six.example', { type: 'AAAA', value: 'fd00::2' });
    assert.deepEqual(unwrap(await dns.resolveAddresses('both.example', signal)), ['fd00::1', '10.0.0.1']);
    assert.deepEqual(unwrap(await dns.resolveAddresses('six.example', signal)), ['fd00::2']);
  });

  it('has no address for a name without any', async () => {
    const result = await dns.resolveAddresses('nowhere.example', signal);
    assert.ok(!result.ok);
    assert.match(result.error.detail, /no address/);
  });

  it('does not look addresses up', async () => {
    const before = server.questions.length;
    assert.deepEqual(unwrap(await dns.resolveAddresses('192.0.2.1', signal)), ['192.0.2.1']);
    assert.equal(server.questions.length, before);
  });

  it('ends with its signal when a name server is silent', async () => {
    server.fail('silent.example', 'silence');
    const controller = new AbortController();
    const pending = dns.resolveTxt('silent.example', controller.signal);
    setImmediate(() => controller.abort());
    const result = await pending;
    assert.ok(!result.ok);
    assert.match(result.error.detail, /in time/);
  });

  it('asks the system for addresses when no name servers are configured', async () => {
    const found = unwrap(await createDns([]).resolveAddresses('localhost', signal));
    assert.ok(found.every((address) => address === '127.0.0.1' || address === '::1'));
  });

  it('finds a name server that is configured by name', async () => {
    const byName = createDns([server.address.replace('127.0.0.1', 'localhost')]);
    server.add('named.example', { type: 'TXT', value: 'found' });
    const result = await byName.resolveTxt('named.example', signal);
    // "localhost" may be ::1 first on some machines, where this name server does not listen.
    if (result.ok) assert.deepEqual(result.value, ['found']);
    else assert.match(result.error.detail, /no name server could be reached/);
  });

  it('says so when the configured name server cannot be found itself', async () => {
    const result = await createDns(['does-not-exist.invalid:53']).resolveTxt('a.example', signal);
    assert.ok(!result.ok);
    assert.match(result.error.detail, /themselves not to be found/);
  });
});
