/** Every command of `tegata` beside a running server. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { freePort } from '../support/free-port.ts';
import { startServer, type TestServer } from '../support/server.ts';

const main = fileURLToPath(new URL('../../packages/server/src/cli/main.ts', import.meta.url));

describe('tegata beside a running server', () => {
  let server: TestServer;
  let folder: string;
  let validationPort: number;

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'tegata-command-'));
    validationPort = await freePort();
    server = await startServer({ config: { acme: { validation: { httpPort: validationPort } } } });
  });
  after(async () => {
    await server.stop();
    rmSync(folder, { recursive: true });
  });

  const tegata = async (words: readonly string[], input = '') => {
    const child = spawn(process.execPath, [main, ...words, '--config', server.configPath], { cwd: folder });
    let [stdout, stderr] = ['', ''];
    child.stdout.on('data', (chunk) => {
      stdout += chunk;
    });
    child.stderr.on('data', (chunk) => {
      stderr += chunk;
    });
    child.stdin.end(input);
    const [code] = (await once(child, 'close')) as [number | null];
    return { code, stdout, stderr };
  };
  const json = async (...words: readonly string[]) => {
    const { code, stdout, stderr } = await tegata([...words, '--json']);
    assert.equal(code, 0, stderr);
    return JSON.parse(stdout);
  };

  it('client add, list and remove work on the same store', async () => {
    const added = await json('client', 'add', '--id', 'backup', '--grant', 'client_credentials', '--scope', 'openid');
    assert.equal(added.client_id, 'backup');
    assert.match(added.client_secret, /^\S{32,}$/);
    assert.deepEqual(added.grant_types, ['client_credentials']);

    const again = await tegata(['client', 'add', '--id', 'backup']);
    assert.equal(again.code, 1);
    assert.match(again.stderr, /There is a client backup already/);

    const listed = await json('client', 'list');
    assert.deepEqual(
      listed.map((client: { client_id: string }) => client.client_id),
      ['backup'],
    );
    assert.ok(!JSON.stringify(listed).includes(added.client_secret));

    assert.deepEqual(await json('client', 'remove', 'backup'), { removed: 'backup' });
    const gone = await tegata(['client', 'remove', 'backup']);
    assert.deepEqual([gone.code, gone.stdout], [1, '']);
    assert.match(gone.stderr, /^tegata: There is no client backup\./);
  });

  it('client add shows the secret once, for people as well', async () => {
    const { stdout } = await tegata(['client', 'add', '--name', 'Notes', '--redirect-uri', 'https://notes.example/cb']);
    assert.match(stdout, /client id +\S+\n +client secret +\S+\nKeep the secret now/);
  });

  it('client add says which member is wrong', async () => {
    const { code, stderr } = await tegata(['client', 'add', '--redirect-uri', 'http://notes.example/#x']);
    assert.equal(code, 1);
    assert.match(stderr, /redirect_uris/);
  });

  it('user add takes a password from standard input and refuses bad ones with all reasons', async () => {
    const good = await tegata(['user', 'add', 'kaede', '--admin', '--json'], 'walnut paper umbrella seal\n');
    assert.equal(good.code, 0, good.stderr);
    assert.match(JSON.parse(good.stdout).subject, /^usr_/);
    const taken = await tegata(['user', 'add', 'Kaede'], 'walnut paper umbrella seal\n');
    assert.equal(taken.code, 1);
    assert.match(taken.stderr, /username: This user name is taken/);
    const bad = await tegata(['user', 'add', 'ren', '--email', 'nowhere'], 'short\n');
    assert.match(bad.stderr, /email: [\s\S]*password: The password is too short/);
  });

  it('ca show prints the root that the server wrote', async () => {
    const { stdout } = await tegata(['ca', 'show', '--pem']);
    assert.equal(stdout.trim(), readFileSync(server.rootPath, 'utf8').trim());
    const shown = await json('ca', 'show');
    assert.deepEqual(
      shown.map((certificate: { role: string }) => certificate.role),
      ['root', 'issuing'],
    );
    assert.ok(server.output().includes(shown[0].fingerprint), 'the banner shows the same fingerprint');
  });

  it('try token gets a token and leaves no client behind', async () => {
    const before = await json('client', 'list');
    const { access_token, claims, token_type } = await json('try', 'token');
    assert.equal(token_type, 'Bearer');
    assert.equal(access_token.split('.').length, 3);
    assert.equal(claims.iss, server.issuer);
    assert.deepEqual(await json('client', 'list'), before);
  });

  it('try certificate gets a certificate, keeps its key closed, and can do it again', async () => {
    for (let round = 0; round < 2; round++) {
      const { code, stdout, stderr } = await tegata(['try', 'certificate']);
      assert.equal(code, 0, stderr);
      assert.match(stdout, /A certificate for localhost/);
      assert.match(stderr, /· Answering the http-01 challenge|· Sending the certificate request/);
    }
    const key = join(folder, 'tegata-try/localhost.key.pem');
    assert.equal(statSync(key).mode & 0o777, 0o600);
    assert.match(
      readFileSync(join(folder, 'tegata-try/localhost.pem'), 'utf8'),
      /(-----BEGIN CERTIFICATE-----[\s\S]*){2}/,
    );
  });

  it('try certificate says what to do when its port is taken', async () => {
    const holder = createServer().listen(validationPort);
    await once(holder, 'listening');
    const { code, stderr } = await tegata(['try', 'certificate']);
    holder.close();
    assert.equal(code, 1);
    assert.match(stderr, /Port \d+ is taken by another program/);
  });

  it('doctor finds nothing wrong, and says what is when there is', async () => {
    const { code, stdout } = await tegata(['doctor']);
    assert.equal(code, 0, stdout);
    assert.match(stdout, /ok {4}database: .* is sound/);
    assert.match(stdout, /ok {4}listen: .* is answered by a server/);
    const holder = createServer().listen(0, '127.0.0.1');
    await once(holder, 'listening');
    const { port } = holder.address() as { readonly port: number };
    const broken = await tegata(['doctor', '--json', '--set', `metrics.listen=127.0.0.1:${port}`]);
    holder.close();
    assert.equal(broken.code, 1);
    const failed = JSON.parse(broken.stdout).filter(({ state }: { state: string }) => state === 'fail');
    assert.deepEqual(
      failed.map(({ check }: { check: string }) => check),
      ['metrics.listen'],
    );
    assert.match(failed[0].remedy, /Another program holds the port/);
  });

  it('keys rotate announces new keys', async () => {
    const steps = await json('keys', 'rotate', '--algorithm', 'ES256');
    assert.ok(
      steps.some((step: { kind: string; algorithm?: string }) => step.kind === 'create' && step.algorithm === 'ES256'),
    );
    const { code, stderr } = await tegata(['keys', 'rotate', '--algorithm', 'none']);
    assert.equal(code, 1);
    assert.match(stderr, /There is no none key\. There are: /);
  });

  it('a second server on the same ports or the same data refuses with a sentence', async () => {
    const elsewhere = await tegata(['serve', '--data', join(folder, 'elsewhere')]);
    assert.deepEqual([elsewhere.code, elsewhere.stdout], [1, '']);
    assert.match(elsewhere.stderr, /tegata: Port \d+ on localhost is already in use/);
    const here = await tegata(['serve']);
    assert.deepEqual([here.code, here.stdout], [1, '']);
    assert.match(here.stderr, /tegata: Another server is running on the data folder/);
  });

  it('the commands that try say when no server is there', async () => {
    const issuer = `https://localhost:${await freePort()}`;
    for (const what of ['token', 'certificate']) {
      const { code, stderr } = await tegata(['try', what, '--issuer', issuer]);
      assert.equal(code, 1);
      assert.match(stderr, /No server answers at https:\/\/localhost:\d+\. Start it/);
    }
  });
});
