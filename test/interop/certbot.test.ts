/** Debian's certbot, unchanged: obtains, renews and revokes a certificate by http-01, stand-alone. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { get } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { promisify } from 'node:util';
import { type DnsServer, startDnsServer } from '../support/dns-server.ts';
import { freePort } from '../support/free-port.ts';
import { requireProgram } from '../support/require-program.ts';
import { startServer, type TestServer } from '../support/server.ts';

const run = promisify(execFile);
const certbot = requireProgram('certbot', 'certbot');
const openssl = requireProgram('openssl', 'openssl');
const name = 'www.tegata.test';

describe('certbot', { skip: certbot.skip || openssl.skip }, () => {
  let server: TestServer;
  let dns: DnsServer;
  let folder: string;
  let httpPort: number;

  before(async () => {
    dns = await startDnsServer();
    dns.add(name, { type: 'A', value: '127.0.0.1' });
    httpPort = await freePort();
    folder = mkdtempSync(join(tmpdir(), 'tegata-certbot-'));
    server = await startServer({ config: { acme: { validation: { httpPort, resolvers: [dns.address] } } } });
  });
  after(async () => {
    await server.stop();
    await dns.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  async function tryCertbot(...args: string[]): Promise<string> {
    const folders = [
      '--config-dir',
      join(folder, 'etc'),
      '--work-dir',
      join(folder, 'work'),
      '--logs-dir',
      join(folder, 'log'),
    ];
    const { stdout } = await run(certbot.path, [...args, '--non-interactive', ...folders], {
      env: { ...process.env, REQUESTS_CA_BUNDLE: server.rootPath },
      timeout: 120_000,
    });
    return stdout;
  }

  const live = (file: string): string => join(folder, 'etc', 'live', name, file);

  async function verify(certificate: string, ...options: string[]): Promise<string> {
    const args = [
      'verify',
      '-x509_strict',
      '-purpose',
      'sslserver',
      '-verify_hostname',
      name,
      '-CAfile',
      server.rootPath,
    ];
    const { stdout } = await run(openssl.path, [...args, '-untrusted', live('chain.pem'), ...options, certificate]);
    return stdout;
  }

  it('obtains a certificate that openssl verifies', async () => {
    await tryCertbot(
      ...['certonly', '--standalone', '--http-01-port', String(httpPort), '--http-01-address', '127.0.0.1'],
      ...[
        '--server',
        `${server.issuer}/acme/directory`,
        '-d',
        name,
        '--agree-tos',
        '--register-unsafely-without-email',
      ],
    );
    assert.match(await verify(live('cert.pem')), /: OK/);
  });

  it('renews it: another serial, again verified', async () => {
    const before = readFileSync(live('cert.pem'), 'utf8');
    await tryCertbot('renew', '--force-renewal', '--no-random-sleep-on-renew');
    assert.notEqual(readFileSync(live('cert.pem'), 'utf8'), before);
    assert.match(await verify(live('cert.pem')), /: OK/);
  });

  it('revokes it, and the revocation list at the address in the certificate says so', async () => {
    const kept = live('cert.pem');
    const revoked = join(folder, 'revoked.pem');
    copyFileSync(kept, revoked);
    await tryCertbot(
      'revoke',
      '--cert-path',
      kept,
      '--reason',
      'superseded',
      '--server',
      `${server.issuer}/acme/directory`,
      '--no-delete-after-revoke',
    );
    const { stdout } = await run(openssl.path, ['x509', '-in', revoked, '-noout', '-ext', 'crlDistributionPoints']);
    const url = /URI:(http:\S+)/.exec(stdout)?.[1];
    assert.ok(url, `no distribution point in ${stdout}`);
    const der = join(folder, 'list.der');
    const list = join(folder, 'list.pem');
    const fetchList = async (): Promise<string> => {
      writeFileSync(der, await download(url));
      await run(openssl.path, ['crl', '-inform', 'DER', '-in', der, '-out', list]);
      return (await run(openssl.path, ['crl', '-in', list, '-noout', '-text'])).stdout;
    };
    // The list is signed by a job, a moment after the answer to the client.
    for (let left = 100; left > 0 && !(await fetchList()).includes('Superseded'); left--) await setTimeout(50);
    await assert.rejects(verify(revoked, '-crl_check', '-CRLfile', list), /certificate revoked/);
  });

  function download(url: string): Promise<Buffer> {
    return new Promise((resolve, reject) => {
      get(url, (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk) => chunks.push(chunk));
        response.on('end', () => resolve(Buffer.concat(chunks)));
      }).on('error', reject);
    });
  }
});
