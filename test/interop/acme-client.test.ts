/** The npm package acme-client, unchanged: http-01 with a small web server, dns-01 with a small name server. */
import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import { Agent } from 'node:https';
import { after, before, describe, it } from 'node:test';
import * as acme from 'acme-client';
import { type DnsServer, startDnsServer } from '../support/dns-server.ts';
import { freePort } from '../support/free-port.ts';
import { startServer, type TestServer } from '../support/server.ts';

describe('acme-client', () => {
  let server: TestServer;
  let dns: DnsServer;
  let web: Server;
  let client: acme.Client;
  const answers = new Map<string, string>();

  before(async () => {
    dns = await startDnsServer();
    const httpPort = await freePort();
    web = createServer((request, response) => {
      const body = answers.get(request.url ?? '');
      response.writeHead(body === undefined ? 404 : 200).end(body);
    }).listen(httpPort, '127.0.0.1');
    server = await startServer({ config: { acme: { validation: { httpPort, resolvers: [dns.address] } } } });
    acme.axios.defaults.httpsAgent = new Agent({ ca: server.root });
    // Its own look at the challenge would use the system's resolver, which does not know the names of this test.
    client = new acme.Client({
      directoryUrl: `${server.issuer}/acme/directory`,
      accountKey: await acme.crypto.createPrivateEcdsaKey(),
    });
  });
  after(async () => {
    web.close();
    await server.stop();
    await dns.stop();
  });

  async function obtain(names: string[], type: 'http-01' | 'dns-01'): Promise<X509Certificate> {
    const [, csr] = await acme.crypto.createCsr({ altNames: names }, await acme.crypto.createPrivateEcdsaKey());
    const pem = await client.auto({
      csr,
      email: 'operator@tegata.test',
      termsOfServiceAgreed: true,
      challengePriority: [type],
      skipChallengeVerification: true,
      challengeCreateFn: async (authorization, challenge, keyAuthorization) => {
        if (type === 'http-01') answers.set(`/.well-known/acme-challenge/${challenge.token}`, keyAuthorization);
        else dns.add(`_acme-challenge.${authorization.identifier.value}`, { type: 'TXT', value: keyAuthorization });
      },
      challengeRemoveFn: async () => {},
    });
    return new X509Certificate(pem);
  }

  it('obtains a certificate for two names by http-01', async () => {
    dns.add('a.tegata.test', { type: 'A', value: '127.0.0.1' });
    dns.add('b.tegata.test', { type: 'A', value: '127.0.0.1' });
    const certificate = await obtain(['a.tegata.test', 'b.tegata.test'], 'http-01');
    assert.equal(certificate.subjectAltName, 'DNS:a.tegata.test, DNS:b.tegata.test');
    assert.equal(certificate.issuer.includes('Tegata'), true);
  });

  it('obtains a wildcard certificate by dns-01', async () => {
    const certificate = await obtain(['*.zone.tegata.test', 'zone.tegata.test'], 'dns-01');
    assert.ok(certificate.checkHost('any.zone.tegata.test'));
    assert.ok(certificate.checkHost('zone.tegata.test'));
  });

  it('is told in words why a name that serves the wrong answer is refused', async () => {
    dns.add('wrong.tegata.test', { type: 'A', value: '127.0.0.1' });
    const order = await client.createOrder({ identifiers: [{ type: 'dns', value: 'wrong.tegata.test' }] });
    const [authorization] = await client.getAuthorizations(order);
    const challenge = authorization?.challenges.find((candidate) => candidate.type === 'http-01');
    assert.ok(challenge);
    await client.completeChallenge(challenge);
    await assert.rejects(client.waitForValidStatus(challenge), /404|urn:ietf:params:acme:error/);
  });

  it('rolls its account key over and goes on with the new one', async () => {
    await client.updateAccountKey(await acme.crypto.createPrivateEcdsaKey());
    dns.add('after.tegata.test', { type: 'A', value: '127.0.0.1' });
    await obtain(['after.tegata.test'], 'http-01');
  });
});
