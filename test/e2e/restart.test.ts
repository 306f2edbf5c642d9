/** What outlives a server: keys, tokens, certificates and revocations are the same after a restart, and new keys take over in order. */
import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { get } from 'node:http';
import { after, before, describe, it } from 'node:test';
import { encodeBase64url } from '@tegata/core/codec/base64url';
import { encodeHex } from '@tegata/core/codec/hex';
import { unwrap } from '@tegata/core/result';
import { parseCertificateList } from '@tegata/core/x509/crl';
import { createLocalJWKSet, decodeProtectedHeader, type JSONWebKeySet, jwtVerify } from 'jose';
import type { TestServer } from '../support/server.ts';
import { type AcmeAccount, type IssuedCertificate, openAcmeAccount } from './support/acme-account.ts';
import { createInstallation, type Installation } from './support/installation.ts';
import { type AppRequests, addApp, openBackdoor, requestsOf, type TestApp } from './support/passes.ts';
import { createWeb, type Web } from './support/web.ts';

const pause = 50;
const polls = 200;

let installation: Installation;
let app: TestApp;
let account: AcmeAccount;
let server: TestServer;
let web: Web;
let requests: AppRequests;

before(async () => {
  installation = await createInstallation({
    acme: { validation: { alwaysValid: true } },
    // Otherwise a new key is published for a day before it signs.
    keys: { publishAhead: '0s' },
  });
  await start();
  app = await addApp(server, 'app');
  requests = requestsOf(web, app);
  account = await openAcmeAccount(web, installation.issuer);
});
after(async () => {
  web.close();
  await server.stop();
  installation.remove();
});

async function start(): Promise<void> {
  server = await installation.start();
  web = createWeb(server.port, server.root);
}

async function restart(): Promise<void> {
  web.close();
  assert.equal(await server.stop(), 0);
  await start();
  requests = requestsOf(web, app);
  account = account.over(web);
}

async function publishedKeys(): Promise<JSONWebKeySet> {
  const { json } = await web.call('GET', '/jwks');
  return json as unknown as JSONWebKeySet;
}

const idsOf = ({ keys }: JSONWebKeySet): readonly string[] => keys.map(({ kid }) => String(kid)).sort();

async function newToken(): Promise<string> {
  const answer = await requests.clientCredentials();
  assert.equal(answer.status, 200, answer.text);
  return answer.json.access_token as string;
}

function fetchPlain(url: string): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    get(url, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => resolve(Buffer.concat(chunks)));
    }).on('error', reject);
  });
}

/** Serial numbers on the CRL that the certificate names, in lower-case hexadecimal. */
async function revokedSerials({ pem }: IssuedCertificate): Promise<readonly string[]> {
  const der = Buffer.from(new X509Certificate(pem).raw).toString('latin1');
  const url = /http:\/\/localhost:\d+\/crl\/[0-9a-f]+\.crl/.exec(der)?.[0];
  assert.ok(url, 'the certificate names its CRL');
  const list = unwrap(parseCertificateList(await fetchPlain(url)));
  return list.revoked.map(({ serial }) => encodeHex(serial));
}

const serialOf = ({ pem }: IssuedCertificate): string => new X509Certificate(pem).serialNumber.toLowerCase();

/** Looks again and again at what comes about in the background. */
async function until(what: string, look: () => Promise<boolean>): Promise<void> {
  for (let poll = 0; poll < polls; poll++) {
    if (await look()) return;
    await new Promise((resolve) => setTimeout(resolve, pause));
  }
  throw new Error(`${what} did not come about`);
}

describe('a restart', () => {
  it('keeps root, keys, tokens, certificates and revocations', async () => {
    const backdoor = await openBackdoor(`sqlite:${installation.database}`);
    const code = await backdoor.mintCode(app, await backdoor.addUser());
    await backdoor.close();
    const exchanged = (await requests.exchange(code)).json as Record<string, string>;
    const [kept, revoked] = [await newToken(), await newToken()];
    const keys = idsOf(await publishedKeys());
    const gone = await web.call('POST', '/revoke', { form: { token: revoked }, headers: { Authorization: app.basic } });
    assert.equal(gone.status, 200, gone.text);
    const [good, bad] = [await account.obtain('good.test'), await account.obtain('bad.test')];
    const certificate = encodeBase64url(new X509Certificate(bad.pem).raw);
    assert.equal((await account.post(`${installation.issuer}/acme/revoke-cert`, { certificate })).status, 200);
    await until('the CRL', async () => (await revokedSerials(bad)).includes(serialOf(bad)));
    const { root } = server;

    await restart();

    assert.equal(server.root, root);
    assert.deepEqual(idsOf(await publishedKeys()), keys);
    assert.equal(await requests.isActive(kept), true);
    assert.equal(await requests.isActive(exchanged.access_token as string), true);
    assert.equal(await requests.isActive(revoked), false, 'a revoked token stays revoked');
    assert.equal((await requests.refresh(exchanged.refresh_token as string)).status, 200);
    assert.equal((await account.post(good.url, '')).text, good.pem);
    assert.deepEqual(await revokedSerials(good), [serialOf(bad)]);
    const again = await account.post(`${installation.issuer}/acme/revoke-cert`, { certificate });
    assert.equal(again.json.type, 'urn:ietf:params:acme:error:alreadyRevoked');
  });
});

describe('tegata keys rotate', () => {
  it('gives the running server a new key, while tokens of the old one are good until they expire', async () => {
    const old = await newToken();
    const { kid: before } = decodeProtectedHeader(old);
    const rotated = await server.tegata('keys', 'rotate', '--algorithm', 'ES256');
    assert.equal(rotated.code, 0, rotated.stderr);
    await until('a token of the new key', async () => decodeProtectedHeader(await newToken()).kid !== before);
    const fresh = await newToken();
    const keys = await publishedKeys();
    for (const token of [old, fresh]) {
      assert.equal(await requests.isActive(token), true);
      await jwtVerify(token, createLocalJWKSet(keys), { issuer: installation.issuer });
    }
    await restart();
    assert.deepEqual(idsOf(await publishedKeys()), idsOf(keys));
    assert.equal(await requests.isActive(old), true);
    assert.equal(decodeProtectedHeader(await newToken()).kid, decodeProtectedHeader(fresh).kid);
  });
});
