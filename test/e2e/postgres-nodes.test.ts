/** Two servers on one PostgreSQL are one service: either does what the other has begun, and what is good once is good once. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { type PostgresServer, requirePostgres, startPostgres } from '../support/postgres.ts';
import type { TestServer } from '../support/server.ts';
import { openAcmeAccount, placeReadyOrder } from './support/acme-account.ts';
import { createInstallation, type Installation } from './support/installation.ts';
import { type AppRequests, addApp, type Backdoor, openBackdoor, requestsOf, type TestApp } from './support/passes.ts';
import { createWeb, type Web } from './support/web.ts';

interface Node {
  readonly installation: Installation;
  readonly server: TestServer;
  readonly web: Web;
}

/** What both have to be told, as each has a data folder of its own. */
const env = { TEGATA_PASSPHRASE: 'correct horse battery staple' };

describe('two servers on one PostgreSQL', { skip: requirePostgres() }, () => {
  let postgres: PostgresServer;
  let issuer: string;
  let nodes: Node[] = [];
  let app: TestApp;
  let backdoor: Backdoor;
  let subject: string;

  before(async () => {
    postgres = await startPostgres();
    const url = await postgres.createDatabase();
    const [first, second] = [await createInstallation(), await createInstallation()];
    issuer = first.issuer;
    const config = { issuer, store: { url }, acme: { validation: { alwaysValid: true } } };
    nodes = [await startNode(first, config), await startNode(second, config)];
    app = await addApp((nodes[0] as Node).server, 'app');
    backdoor = await openBackdoor(url);
    subject = await backdoor.addUser();
  });
  after(async () => {
    await backdoor?.close();
    for (const { installation, server, web } of nodes) {
      web.close();
      assert.equal(await server.stop(), 0, server.output());
      installation.remove();
    }
    await postgres?.stop();
  });

  async function startNode(installation: Installation, config: Readonly<Record<string, unknown>>): Promise<Node> {
    // Both write the same address into certificates, which in earnest is that of a load balancer.
    const { plainPort } = installation.ports;
    const http = { listen: `localhost:${plainPort}`, baseUrl: 'http://localhost:8480' };
    const server = await installation.start({ config: { ...config, http }, env });
    return { installation, server, web: createWeb(server.port, server.root) };
  }

  function both(): readonly [Node & { readonly requests: AppRequests }, Node & { readonly requests: AppRequests }] {
    const [a, b] = nodes.map((node) => ({ ...node, requests: requestsOf(node.web, app) }));
    assert.ok(a && b);
    return [a, b];
  }

  it('have one root and publish the same keys', async () => {
    const [a, b] = both();
    assert.equal(a.server.root, b.server.root);
    assert.equal((await a.web.call('GET', '/jwks')).text, (await b.web.call('GET', '/jwks')).text);
  });

  it('take each other’s tokens for good, and each other’s revocations too', async () => {
    const [a, b] = both();
    for (const [from, to] of [
      [a, b],
      [b, a],
    ] as const) {
      const issued = await from.requests.clientCredentials();
      assert.equal(issued.status, 200, issued.text);
      const token = issued.json.access_token as string;
      assert.equal(await to.requests.isActive(token), true);
      const form = { token };
      assert.equal((await to.web.call('POST', '/revoke', { form, headers: { Authorization: app.basic } })).status, 200);
      assert.equal(await to.requests.isActive(token), false);
      // The other one hears of it within seconds.
      for (let poll = 0; poll < 200 && (await from.requests.isActive(token)); poll++) await moment();
      assert.equal(await from.requests.isActive(token), false);
    }
  });

  it('spend a code and rotate a refresh token once between them', async () => {
    const [a, b] = both();
    for (let turn = 0; turn < 10; turn++) {
      const code = await backdoor.mintCode(app, subject);
      const answers = await Promise.all([a, b, a, b].map(({ requests }) => requests.exchange(code)));
      const statuses = answers.map(({ status }) => status).sort();
      assert.deepEqual(statuses, [200, 400, 400, 400], answers.map(({ text }) => text).join('\n'));
    }
    const exchanged = await a.requests.exchange(await backdoor.mintCode(app, subject));
    const refreshed = await b.requests.refresh(exchanged.json.refresh_token as string);
    assert.equal(refreshed.status, 200, refreshed.text);
    assert.equal(await a.requests.isActive(refreshed.json.access_token as string), true);
  });

  it('do ACME together: an order placed at one is finalized and read at the other', async () => {
    const [a, b] = both();
    const atA = await openAcmeAccount(a.web, issuer);
    const atB = atA.over(b.web);
    const whole = await atA.obtain('whole.test');
    assert.equal((await atB.post(whole.url, '')).text, whole.pem);
    const order = await placeReadyOrder(atA, issuer, 'shared.test');
    const finished = await atB.finish(order, 'shared.test');
    assert.equal((await atA.post(finished.url, '')).text, finished.pem);
  });

  it('go on when all connections to the database are cut', async () => {
    const [a, b] = both();
    await postgres.terminateSessions();
    for (const { requests } of [a, b]) {
      const exchanged = await requests.exchange(await backdoor.mintCode(app, subject));
      assert.equal(exchanged.status, 200, exchanged.text);
    }
  });
});

function moment(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 50));
}
