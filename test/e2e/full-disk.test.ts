/** A disk without space: requests are answered with what is so, the server stays up, and nothing that was acknowledged is lost. */
import assert from 'node:assert/strict';
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import type { TestServer } from '../support/server.ts';
import { type AcmeAccount, openAcmeAccount } from './support/acme-account.ts';
import { createInstallation, type Installation } from './support/installation.ts';
import { type AppRequests, addApp, openBackdoor, requestsOf, type TestApp } from './support/passes.ts';
import { readRows } from './support/rows.ts';
import { findDiskWays, type SmallDisk, withoutSpace } from './support/surroundings.ts';
import { createWeb, type Web, type WebAnswer } from './support/web.ts';

let installation: Installation;
let app: TestApp;
let subject: string;

before(async () => {
  installation = await createInstallation({ acme: { validation: { alwaysValid: true } } });
  const server = await installation.start();
  app = await addApp(server, 'app');
  const backdoor = await openBackdoor(`sqlite:${installation.database}`);
  subject = await backdoor.addUser();
  await backdoor.close();
  assert.equal(await server.stop(), 0);
});
after(() => installation.remove());

/** What one test works with. */
interface Scene {
  readonly server: TestServer;
  readonly web: Web;
  readonly requests: AppRequests;
  /** Minted before the start, as the disk may be out of reach from here. */
  readonly codes: readonly [string, string];
  readonly account: AcmeAccount;
}

async function onDisk(disk: SmallDisk, work: (scene: Scene) => Promise<void>): Promise<void> {
  const backdoor = await openBackdoor(`sqlite:${installation.database}`);
  const codes = [await backdoor.mintCode(app, subject), await backdoor.mintCode(app, subject)] as const;
  await backdoor.close();
  const config = { store: { url: `sqlite:${disk.database}` } };
  const server = await installation.start({ config, prefix: disk.prefix });
  const web = createWeb(server.port, server.root);
  try {
    const account = await openAcmeAccount(web, installation.issuer);
    await work({ server, web, codes, account, requests: requestsOf(web, app) });
  } finally {
    web.close();
    assert.equal(await server.stop(), 0, server.output());
  }
}

/** OAuth's and ACME's way to say that the server cannot do it now. */
function assertUnavailable(answer: WebAnswer): void {
  assert.equal(answer.status, 503, answer.text);
  assert.match(String(answer.headers['retry-after']), /^\d+$/);
  if (answer.headers['content-type'] === 'application/problem+json') {
    assert.equal(answer.json.type, 'urn:ietf:params:acme:error:serverInternal');
  } else assert.equal(answer.json.error, 'temporarily_unavailable');
  assert.doesNotMatch(answer.text, /disk|sqlite|database|\.db/i);
}

/** Asks for what has to be written until one is refused, as some space may be left in files that exist already. */
async function untilRefused(attempt: () => Promise<WebAnswer>): Promise<WebAnswer> {
  for (let tries = 0; tries < 5000; tries++) {
    const answer = await attempt();
    if (answer.status >= 400) return answer;
  }
  throw new Error('the disk never filled up');
}

const { prefix, skip } = withoutSpace();

for (const way of findDiskWays()) {
  describe(way.name, { skip }, () => {
    const makeFolder = (name: string): string => {
      const folder = join(installation.folder, name);
      mkdirSync(folder, { mode: 0o700 });
      return folder;
    };

    it('is survived while the server runs, and works again afterwards', async () => {
      const disk = way.open(makeFolder('small'), installation.database);
      await onDisk(disk, async ({ account, codes: [first, code], requests, server, web }) => {
        const spent = await requests.exchange(first);
        assert.equal(spent.status, 200, spent.text);
        const refreshToken = spent.json.refresh_token as string;
        const issued = await account.obtain('before.test');

        disk.fill(server.pid);
        const order = { identifiers: [{ type: 'dns', value: 'during.test' }] };
        assertUnavailable(await untilRefused(() => account.post(`${installation.issuer}/acme/new-order`, order)));
        assertUnavailable(await requests.exchange(code));
        assertUnavailable(await requests.refresh(refreshToken));
        assert.equal((await requests.clientCredentials()).status, 200, 'what is not stored needs no space');
        assert.equal(await requests.isActive(spent.json.access_token as string), true);
        assert.equal((await account.post(issued.url, '')).text, issued.pem);
        assert.equal((await web.call('GET', '/healthz')).status, 200);

        disk.clear(server.pid);
        assert.equal((await requests.exchange(code)).status, 200, 'the code was not spent');
        assert.equal((await requests.refresh(refreshToken)).status, 200, 'the refresh token was not spent');
        assert.match((await account.obtain('after.test')).pem, /BEGIN CERTIFICATE/);
        assert.equal((await account.post(issued.url, '')).text, issued.pem);
        assert.doesNotMatch(server.output(), /by a defect/);
      });
    });

    it('keeps a first start from succeeding, with a sentence', async () => {
      const mountPoint = makeFolder('full');
      const config = { data: join(mountPoint, 'data') };
      const { code, stdout, stderr } = await installation.tegata(['serve'], {
        config,
        prefix: way.fullPrefix(mountPoint),
      });
      assert.notEqual(code, 0);
      assert.equal(stdout, '');
      assert.match(stderr, /^tegata: [^\n]*\b(space|disk)\b[^\n]*\n$/);
      assert.doesNotMatch(stderr, /unexpected/);
    });

    after(() => {
      for (const name of ['small', 'full']) rmSync(join(installation.folder, name), { recursive: true, force: true });
    });
  });
}

it('keeps a start on what is there from succeeding, and changes nothing', { skip }, async () => {
  const stored = readRows(installation.database, ['audit']);
  const { code, stderr } = await installation.tegata(['serve'], { prefix });
  assert.notEqual(code, 0);
  assert.match(stderr, /^tegata: [^\n]*\bspace\b[^\n]*\n$/);
  assert.deepEqual(readRows(installation.database, ['audit']), stored);
});
