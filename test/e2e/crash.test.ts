/** A server that is killed, or told to stop, in the middle of its work: what it has promised holds when it is back. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { request } from 'node:https';
import { connect } from 'node:net';
import { after, afterEach, before, beforeEach, describe, it } from 'node:test';
import type { TestServer } from '../support/server.ts';
import { openAcmeAccount, untilStatus } from './support/acme-account.ts';
import { createInstallation, type Installation } from './support/installation.ts';
import { type Load, type Promised, startLoad } from './support/load.ts';
import { type AppRequests, addApp, openBackdoor, requestsOf, type TestApp } from './support/passes.ts';
import { readRows } from './support/rows.ts';
import { createWeb, type Web } from './support/web.ts';

const clients = 4;
const codesPerClient = 40;
const enough = 60;

let installation: Installation;
let app: TestApp;
let subject: string;
let server: TestServer;
let web: Web;
let requests: AppRequests;

before(async () => {
  installation = await createInstallation({ acme: { validation: { alwaysValid: true } } });
  await start();
  app = await addApp(server, 'app');
  const backdoor = await openBackdoor(`sqlite:${installation.database}`);
  subject = await backdoor.addUser();
  await backdoor.close();
  await stop();
});
after(() => installation.remove());
beforeEach(start);
afterEach(stop);

async function start(): Promise<void> {
  server = await installation.start();
  web = createWeb(server.port, server.root);
}

async function stop(): Promise<void> {
  web.close();
  await server.stop();
}

async function restart(): Promise<void> {
  await stop();
  await start();
  requests = requestsOf(web, app);
}

async function beginLoad(): Promise<Load> {
  requests = requestsOf(web, app);
  const backdoor = await openBackdoor(`sqlite:${installation.database}`);
  const mint = () => backdoor.mintCode(app, subject);
  const codes = await Promise.all(
    Array.from({ length: clients }, () => Promise.all(Array.from({ length: codesPerClient }, mint))),
  );
  await backdoor.close();
  const accounts = await Promise.all([1, 2, 3].map(() => openAcmeAccount(web, installation.issuer)));
  return startLoad(requests, codes, accounts);
}

/** Everything that was acknowledged is there, and nothing works twice. */
async function assertKept({ families, certificates, orders }: Promised): Promise<void> {
  for (const { exchanged, refreshToken, unsure } of families) {
    if (!exchanged || unsure) continue;
    const answer = await requests.refresh(refreshToken as string);
    assert.equal(answer.status, 200, `an acknowledged refresh token: ${answer.text}`);
  }
  for (const { code, exchanged, unsure } of families) {
    const answer = await requests.exchange(code);
    if (exchanged) assert.equal(answer.json.error, 'invalid_grant', 'a spent code stays spent');
    else if (!unsure) assert.equal(answer.status, 200, `a code that nobody used: ${answer.text}`);
    assert.equal((await requests.exchange(code)).json.error, 'invalid_grant', 'no code works twice');
  }
  for (const { account, pem, url } of certificates) assert.equal((await account.over(web).post(url, '')).text, pem);
  for (const { account, url } of orders) await untilStatus(account.over(web), url, ['pending', 'ready', 'valid']);
}

interface CertificateRow {
  readonly order_id: string | null;
  readonly der: unknown;
}

function certificateRows(): readonly CertificateRow[] {
  const rows = (readRows(installation.database).certificates ?? []).map((row): CertificateRow => JSON.parse(row));
  return rows.filter(({ der, order_id: order }) => der !== null && order !== null);
}

/** Ids of the codes or refresh tokens that were spent. */
function spentIds(table: 'codes' | 'refresh_tokens'): ReadonlySet<string> {
  const rows = (readRows(installation.database)[table] ?? []).map((row) => JSON.parse(row));
  return new Set(rows.filter(({ spent_at: spentAt }) => spentAt !== null).map(({ id }) => id));
}

const idOf = (handle: string): string => handle.slice(0, handle.indexOf('.'));

describe('a server under load', () => {
  for (const round of ['first', 'second']) {
    it(`keeps every promise when it is killed, ${round} time`, async () => {
      const load = await beginLoad();
      await load.reached(enough);
      await server.kill();
      const promised = await load.ended();
      assert.deepEqual(promised.faults, []);
      await restart();
      await assertKept(promised);
      const orders = certificateRows().map(({ order_id: order }) => order);
      assert.equal(new Set(orders).size, orders.length, 'one certificate per order');
    });
  }

  it('answers what it has begun when it is told to stop, and does nothing that it does not answer', async () => {
    const load = await beginLoad();
    await load.reached(enough);
    assert.equal(await server.stop(), 0);
    const promised = await load.ended();
    assert.deepEqual(promised.faults, []);
    const [codes, refreshTokens] = [spentIds('codes'), spentIds('refresh_tokens')];
    for (const { code, exchanged, refreshToken, unsure } of promised.families) {
      assert.equal(codes.has(idOf(code)), exchanged, 'a code is spent exactly when its exchange was answered');
      if (unsure && refreshToken !== undefined) assert.equal(refreshTokens.has(idOf(refreshToken)), false);
    }
    await restart();
    await assertKept(promised);
  });

  it('takes the rest of a request that was on its way when it was told to stop', async () => {
    const body = 'grant_type=client_credentials';
    const sent = request({
      ca: server.root,
      host: 'localhost',
      port: server.port,
      method: 'POST',
      path: '/token',
      headers: {
        Authorization: app.basic,
        'Content-Type': 'application/x-www-form-urlencoded',
        'Content-Length': body.length,
        Expect: '100-continue',
      },
    });
    sent.flushHeaders();
    await once(sent, 'continue');
    const stopped = server.stop();
    while (await accepts(server.port));
    sent.end(body);
    const [answer] = (await once(sent, 'response')) as [IncomingMessage];
    answer.resume();
    await once(answer, 'end');
    assert.equal(answer.statusCode, 200);
    assert.equal(answer.headers.connection, 'close');
    assert.equal(answer.complete, true);
    assert.equal(await stopped, 0);
  });
});

/** Whether anybody takes connections there. */
function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, 'localhost', () => {
      socket.destroy();
      resolve(true);
    });
    socket.on('error', () => resolve(false));
  });
}
