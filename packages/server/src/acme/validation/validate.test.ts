import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, beforeEach, describe, it } from 'node:test';
import { type DnsServer, startDnsServer } from '../../../../../test/support/dns-server.ts';
import { createProbes } from '../../net/probes/probes.ts';
import type { AuthorizationRecord, ChallengeRecord } from '../../ports/stores/orders.ts';
import { dns01 } from '../challenges/dns-01.ts';
import { http01 } from '../challenges/http-01.ts';
import { createChallengeRegistry } from '../challenges/registry.ts';
import { keyAuthorizationDigest } from '../jws/key-authorization.ts';
import { createAcmeUrls } from '../urls.ts';
import { createAddressCheck } from './address-policy.ts';
import { createValidator } from './validate.ts';

const token = 'dG9rZW4tZm9yLXRoZS1zcGVjLXRlc3Qx';
const thumbprint = 'oKIywvGUpTVTyxMQ3bwIIeQUudfr_CkLMjCE19ECD-U';
const expected = `${token}.${thumbprint}`;
const path = `/.well-known/acme-challenge/${token}`;
const never = new AbortController().signal;

/** Sockets on loopback: a web server and a name server that the test changes at will. */
describe('validation over the network', () => {
  let dns: DnsServer;
  let web: Server;
  let port: number;
  let answer: (request: IncomingMessage, response: ServerResponse) => void;
  const seen: string[] = [];

  before(async () => {
    dns = await startDnsServer();
    web = createServer((request, response) => {
      seen.push(`${request.headers.host}${request.url}`);
      answer(request, response);
    }).listen(0, '127.0.0.1');
    await once(web, 'listening');
    port = (web.address() as AddressInfo).port;
  });
  beforeEach(() => {
    seen.length = 0;
    answer = (_request, response) => response.end(expected);
  });
  after(async () => {
    web.closeAllConnections();
    web.close();
    await dns.stop();
  });

  /** What comes of validating `name` when these addresses may be contacted. */
  async function validate(
    name: string,
    type: 'http-01' | 'dns-01' = 'http-01',
    reach = ['public', 'private', 'loopback'],
  ): Promise<string> {
    const validator = createValidator({
      challenges: createChallengeRegistry([http01, dns01]),
      probes: createProbes({
        resolvers: [dns.address],
        checkAddress: createAddressCheck(reach),
        httpPort: port,
        tlsPort: port,
      }),
      timer: { sleep: async () => {} },
      urls: createAcmeUrls('https://ca.example'),
      caa: { identities: ['ca.example'] },
      retry: { delays: [1], tryTimeout: 2000 },
      alwaysValid: false,
    });
    const challenge: ChallengeRecord = { id: 'c', type, status: 'processing', token, fields: {} };
    const authorization: AuthorizationRecord = {
      id: 'a',
      accountId: '1',
      identifier: { type: 'dns', value: name },
      wildcard: false,
      status: 'pending',
      expiresAt: 0,
      createdAt: 0,
      challenges: [challenge],
    };
    const result = await validator.validate(authorization, challenge, thumbprint, never);
    return result.ok ? 'met' : `${result.error.problem.type}: ${result.error.problem.detail}`;
  }

  const redirectTo = (location: string) => {
    answer = (request, response) => {
      if (request.url === path) response.writeHead(302, { location }).end();
      else response.end(expected);
    };
  };

  before(() => {
    dns.add('web.example', { type: 'A', value: '127.0.0.1' });
    dns.add('other.example', { type: 'A', value: '127.0.0.1' });
    dns.add('alias.example', { type: 'CNAME', value: 'web.example' });
    dns.add('metadata.example', { type: 'A', value: '169.254.169.254' });
    dns.add('mapped.example', { type: 'AAAA', value: '::ffff:169.254.169.254' });
  });

  it('meets http-01 at the address that the name server gives', async () => {
    assert.equal(await validate('web.example'), 'met');
    assert.deepEqual(seen, [`web.example${path}`]);
  });

  it('follows an alias', async () => assert.equal(await validate('alias.example'), 'met'));

  it('follows a redirect to another host, vetted like the first', async () => {
    redirectTo('http://other.example/moved');
    assert.equal(await validate('web.example'), 'met');
    assert.deepEqual(seen, [`web.example${path}`, 'other.example/moved']);
  });

  for (const location of [
    'http://169.254.169.254/latest/meta-data/',
    'http://metadata.example/latest/meta-data/',
    'http://mapped.example/',
    'http://[::ffff:169.254.169.254]/',
    'http://[fd00:ec2::254]/',
    'http://0xa9fea9fe/',
    'http://[fe80::1]/',
    'http://0.0.0.0/',
    'http://255.255.255.255/',
  ]) {
    it(`does not follow a redirect to ${location}`, async () => {
      redirectTo(location);
      assert.match(await validate('web.example'), /^connection: .* which is .* never contacted\.$/);
      assert.equal(seen.length, 1);
    });
  }

  for (const location of ['http://web.example:8080/', 'file:///etc/passwd', 'https://web.example:80/']) {
    it(`does not follow a redirect to ${location}`, async () => {
      redirectTo(location);
      assert.match(await validate('web.example'), /^incorrectResponse: /);
      assert.equal(seen.length, 1);
    });
  }

  it('does not contact loopback unless told to, nor private networks when told not to', async () => {
    assert.match(await validate('web.example', 'http-01', ['public', 'private']), /loopback address/);
    dns.add('private.example', { type: 'A', value: '10.255.255.1' });
    assert.match(await validate('private.example', 'http-01', ['public']), /private network/);
    assert.deepEqual(seen, []);
  });

  it('uses the address that was vetted when the name means another a moment later', async () => {
    dns.add('rebind.example', { type: 'A', value: '127.0.0.1' });
    answer = (_request, response) => {
      dns.remove('rebind.example');
      dns.add('rebind.example', { type: 'A', value: '169.254.169.254' });
      response.writeHead(302, { location: 'http://rebind.example/again' }).end();
    };
    assert.match(await validate('rebind.example'), /^connection: rebind\.example has the address 169\.254\.169\.254/);
    assert.equal(seen.length, 1);
  });

  it('accepts a newline at the end and no blank in front', async () => {
    answer = (_request, response) => response.end(`${expected}\n`);
    assert.equal(await validate('web.example'), 'met');
    answer = (_request, response) => response.end(` ${expected}`);
    assert.match(await validate('web.example'), /^incorrectResponse/);
  });

  it('does not read a huge body', async () => {
    answer = (_request, response) => {
      const more = (): void => {
        while (!response.destroyed && response.write('x'.repeat(65_536)));
      };
      response.on('drain', more);
      more();
    };
    assert.match(await validate('web.example'), /^incorrectResponse: .*more than 1024 bytes/);
  });

  it('tells apart a missing name, one without addresses, and a failing name server', async () => {
    assert.match(await validate('missing.example'), /^dns: missing\.example has no address/);
    dns.add('noaddress.example', { type: 'TXT', value: 'x' });
    assert.match(await validate('noaddress.example'), /^dns: noaddress\.example has no address/);
    dns.fail('broken.example', 'SERVFAIL');
    assert.match(await validate('broken.example'), /^dns: broken\.example could not be looked up: .*SERVFAIL/);
  });

  it('meets dns-01, also behind an alias', async () => {
    dns.add('_acme-challenge.txt.example', { type: 'TXT', value: 'other' });
    assert.match(await validate('txt.example', 'dns-01'), /^incorrectResponse/);
    dns.add('_acme-challenge.txt.example', { type: 'TXT', value: keyAuthorizationDigest(expected) });
    assert.equal(await validate('txt.example', 'dns-01'), 'met');
    dns.add('_acme-challenge.delegated.example', { type: 'CNAME', value: '_acme-challenge.txt.example' });
    assert.equal(await validate('delegated.example', 'dns-01'), 'met');
  });

  it('asks CAA up to the top, and obeys', async () => {
    const before = dns.questions.length;
    assert.equal(await validate('web.example'), 'met');
    const asked = dns.questions.slice(before).filter((question) => question.startsWith('CAA'));
    assert.deepEqual(asked, ['CAA web.example', 'CAA example']);
    dns.add('shop.example', { type: 'A', value: '127.0.0.1' });
    dns.add('shop.example', { type: 'CAA', flags: 0, tag: 'issue', value: 'ca.example' });
    assert.equal(await validate('shop.example'), 'met');
    dns.remove('shop.example', 'CAA');
    dns.add('shop.example', { type: 'CAA', flags: 128, tag: 'future', value: 'x' });
    assert.match(await validate('shop.example'), /^caa: /);
  });
});
