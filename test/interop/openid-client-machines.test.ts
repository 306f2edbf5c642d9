/** The npm package openid-client, unchanged, where no person is there: services, resource servers, and clients that register themselves. */
import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { Agent, createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import * as acme from 'acme-client';
import { createRemoteJWKSet, jwtVerify } from 'jose';
import * as client from 'openid-client';
import { callback, type RegisteredClient, type Scene, setScene } from '../support/openid-visitor.ts';

const readingsApi = 'https://api.readings.example';
const alarmsApi = 'https://api.alarms.example';
const sharedApi = 'https://api.shared.example';

let scene: Scene;
let issuer: URL;
let folder: string;
let meter: RegisteredClient;

before(async () => {
  folder = mkdtempSync(join(tmpdir(), 'tegata-machines-'));
  const oauth = { scopes: ['readings.write', 'alarms.raise'], resources: [sharedApi], registration: { enabled: true } };
  scene = await setScene({ config: { oauth, acme: { validation: { alwaysValid: true } } } });
  issuer = new URL(scene.issuer);
  const rights = ['--scope', 'readings.write alarms.raise', '--resource', readingsApi, '--resource', alarmsApi];
  meter = await scene.addClient('--name', 'Meter', '--grant', 'client_credentials', ...rights);
});
after(async () => {
  await scene?.close();
  rmSync(folder, { recursive: true, force: true });
});

const isError = (expected: string, status: number) => (error: unknown) => {
  const found = error instanceof client.WWWAuthenticateChallengeError ? error.status : undefined;
  if (found !== undefined && expected === 'invalid_client') return found === status;
  assert.ok(error instanceof client.ResponseBodyError, String(error));
  assert.deepEqual([error.error, error.status], [expected, status]);
  return true;
};

const asMeter = () => scene.discover(meter.client_id, undefined, client.ClientSecretBasic(meter.client_secret));

/** Key and certificate chain for a TLS server, from the same server over ACME. */
async function obtainCertificate(name: string): Promise<{ readonly key: Buffer; readonly cert: string }> {
  acme.axios.defaults.httpsAgent = new Agent({ ca: scene.server.root });
  const directoryUrl = `${scene.issuer}/acme/directory`;
  const orders = new acme.Client({ directoryUrl, accountKey: await acme.crypto.createPrivateEcdsaKey() });
  const [key, csr] = await acme.crypto.createCsr({ altNames: [name] }, await acme.crypto.createPrivateEcdsaKey());
  const cert = await orders.auto({
    csr,
    termsOfServiceAgreed: true,
    skipChallengeVerification: true,
    challengeCreateFn: async () => {},
    challengeRemoveFn: async () => {},
  });
  return { key, cert };
}

describe('openid-client as a service', () => {
  it('client_secret_basic: a token with the scope and for the resource that it asked for', async () => {
    const config = await asMeter();
    const tokens = await client.clientCredentialsGrant(config, { scope: 'readings.write', resource: readingsApi });
    assert.deepEqual([tokens.token_type, tokens.scope, tokens.refresh_token], ['bearer', 'readings.write', undefined]);
    assert.ok((tokens.expiresIn() as number) > 500);
    const keys = createRemoteJWKSet(new URL(config.serverMetadata().jwks_uri as string));
    const options = { issuer: scene.issuer, audience: readingsApi, typ: 'at+jwt' };
    const { payload } = await jwtVerify(tokens.access_token, keys, options);
    assert.deepEqual([payload.sub, payload.client_id], [meter.client_id, meter.client_id]);
  });

  it('nothing it is not registered for: scope, resource, grant', async () => {
    const config = await asMeter();
    const ask = (parameters: Record<string, string>) => client.clientCredentialsGrant(config, parameters);
    await assert.rejects(ask({ scope: 'profile' }), isError('invalid_scope', 400));
    await assert.rejects(ask({ resource: 'https://api.other.example' }), isError('invalid_target', 400));
    const refresh = client.refreshTokenGrant(config, 'anything');
    await assert.rejects(refresh, isError('unauthorized_client', 400));
  });

  it('a wrong secret and an unknown client get the same answer, by basic and by post', async () => {
    for (const id of [meter.client_id, 'nobody']) {
      for (const auth of [client.ClientSecretBasic('wrong'), client.ClientSecretPost('wrong')]) {
        const config = await scene.discover(id, undefined, auth);
        await assert.rejects(client.clientCredentialsGrant(config), isError('invalid_client', 401), id);
      }
    }
  });

  it('private_key_jwt: with a key of each kind, in one client', async () => {
    const kinds = {
      ES256: generateKeyPairSync('ec', { namedCurve: 'P-256' }),
      ES384: generateKeyPairSync('ec', { namedCurve: 'P-384' }),
      RS256: generateKeyPairSync('rsa', { modulusLength: 2048 }),
      PS256: generateKeyPairSync('rsa', { modulusLength: 2048 }),
      Ed25519: generateKeyPairSync('ed25519'),
    };
    const algorithms = {
      ES256: { name: 'ECDSA', namedCurve: 'P-256' },
      ES384: { name: 'ECDSA', namedCurve: 'P-384' },
      RS256: { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' },
      PS256: { name: 'RSA-PSS', hash: 'SHA-256' },
      Ed25519: { name: 'Ed25519' },
    };
    const keys = Object.entries(kinds).map(([kid, { publicKey }]) => ({ ...publicKey.export({ format: 'jwk' }), kid }));
    const file = join(folder, 'jwks.json');
    writeFileSync(file, JSON.stringify({ keys }));
    const words = ['--grant', 'client_credentials', '--auth', 'private_key_jwt', '--jwks', file];
    const { client_id: id, client_secret: secret } = await scene.addClient(...words);
    assert.equal(secret, undefined);
    for (const kid of Object.keys(kinds) as (keyof typeof kinds)[]) {
      const key = kinds[kid].privateKey.toCryptoKey(algorithms[kid], false, ['sign']);
      const config = await scene.discover(id, undefined, client.PrivateKeyJwt({ key, kid }));
      const tokens = await client.clientCredentialsGrant(config);
      assert.equal((await client.tokenIntrospection(config, tokens.access_token)).active, true, kid);
    }
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const key = privateKey.toCryptoKey(algorithms.ES256, false, ['sign']);
    const thief = await scene.discover(id, undefined, client.PrivateKeyJwt({ key, kid: 'ES256' }));
    await assert.rejects(client.clientCredentialsGrant(thief), isError('invalid_client', 401));
  });

  it('private_key_jwt with keys that the client publishes under a certificate of this very server', async () => {
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const keys = [{ ...publicKey.export({ format: 'jwk' }), kid: 'published' }];
    const publisher = createServer(await obtainCertificate('localhost'), (_, response) => {
      response.end(JSON.stringify({ keys }));
    }).listen(0, 'localhost');
    await once(publisher, 'listening');
    try {
      const uri = `https://localhost:${(publisher.address() as AddressInfo).port}/jwks`;
      const words = ['--grant', 'client_credentials', '--auth', 'private_key_jwt', '--jwks-uri', uri];
      const { client_id: id } = await scene.addClient(...words);
      const key = privateKey.toCryptoKey({ name: 'ECDSA', namedCurve: 'P-256' }, false, ['sign']);
      const config = await scene.discover(id, undefined, client.PrivateKeyJwt({ key, kid: 'published' }));
      assert.ok((await client.clientCredentialsGrant(config)).access_token);
    } finally {
      publisher.closeAllConnections();
      publisher.close();
    }
  });

  it('opaque tokens: introspection by the resource server that they are for, until they are revoked', async () => {
    const rights = ['--scope', 'readings.write', '--resource', readingsApi];
    const added = await scene.addClient(
      '--grant',
      'client_credentials',
      '--auth',
      'client_secret_post',
      '--opaque',
      ...rights,
    );
    const config = await scene.discover(added.client_id, added.client_secret);
    const { access_token: token } = await client.clientCredentialsGrant(config);
    assert.match(token, /^[\w-]+\.[\w-]+$/);

    const api = await scene.addClient('--name', 'Readings API', '--serves', readingsApi);
    const resourceServer = await scene.discover(api.client_id, undefined, client.ClientSecretBasic(api.client_secret));
    const { active, sub, aud, scope } = await client.tokenIntrospection(resourceServer, token);
    assert.deepEqual(
      { active, sub, aud, scope },
      { active: true, sub: added.client_id, aud: readingsApi, scope: 'readings.write' },
    );
    assert.deepEqual(await client.tokenIntrospection(await asMeter(), token), { active: false }, 'not for this client');

    await assert.rejects(client.tokenRevocation(await asMeter(), token), isError('invalid_grant', 400));
    await client.tokenRevocation(config, token);
    await client.tokenRevocation(config, token);
    assert.deepEqual(await client.tokenIntrospection(resourceServer, token), { active: false });
  });
});

describe('openid-client as a client that registers itself', () => {
  const metadata = {
    client_name: 'Field notes',
    redirect_uris: [callback],
    grant_types: ['authorization_code', 'refresh_token', 'client_credentials'],
    token_endpoint_auth_method: 'client_secret_post',
    scope: 'openid readings.write',
  };

  async function initialAccessToken(): Promise<string> {
    const { code, stdout, stderr } = await scene.server.tegata('client', 'token', '--json');
    assert.equal(code, 0, stderr);
    return JSON.parse(stdout).initial_access_token;
  }

  /** RFC 7592 with the means that the library has for protected resources. */
  async function manage(config: client.Configuration, method: string, change?: Record<string, unknown>) {
    const { registration_client_uri: uri, registration_access_token: token } = config.clientMetadata();
    const body = change === undefined ? null : JSON.stringify(change);
    const headers = new Headers(change === undefined ? {} : { 'content-type': 'application/json' });
    return client.fetchProtectedResource(config, String(token), new URL(String(uri)), method, body, headers);
  }

  it('registers once with an initial access token, and is a client like any other', async () => {
    const token = await initialAccessToken();
    const config = await client.dynamicClientRegistration(issuer, metadata, undefined, { initialAccessToken: token });
    const { client_id: id, client_name: name, scope } = config.clientMetadata();
    assert.deepEqual([name, scope], [metadata.client_name, metadata.scope]);
    assert.equal((await client.clientCredentialsGrant(config)).scope, 'readings.write');
    const { stdout } = await scene.server.tegata('client', 'list', '--json');
    assert.ok(JSON.parse(stdout).some((listed: RegisteredClient) => listed.client_id === id));

    const again = client.dynamicClientRegistration(issuer, metadata, undefined, { initialAccessToken: token });
    await assert.rejects(again, { status: 401 });
    await assert.rejects(client.dynamicClientRegistration(issuer, metadata), { status: 401 });
  });

  it('a mistake in the metadata is named and costs no token; what only operators may set is left out', async () => {
    const options = { initialAccessToken: await initialAccessToken() };
    const bad = { ...metadata, redirect_uris: ['http://notes.example/#fragment'] };
    const refused = client.dynamicClientRegistration(issuer, bad, undefined, options);
    await assert.rejects(refused, (error: unknown) => {
      assert.ok(error instanceof client.ResponseBodyError, String(error));
      assert.deepEqual([error.error, error.status], ['invalid_redirect_uri', 400]);
      assert.match(error.error_description as string, /redirect_uris/);
      return true;
    });
    const greedy = { ...metadata, skip_consent: true, introspect_all_tokens: true, allowed_resources: [readingsApi] };
    const config = await client.dynamicClientRegistration(issuer, greedy, undefined, options);
    const kept = config.clientMetadata();
    assert.deepEqual(
      [kept.skip_consent, kept.introspect_all_tokens, kept.allowed_resources],
      [undefined, undefined, undefined],
    );
  });

  it('reads, changes and removes itself (RFC 7592)', async () => {
    const options = { initialAccessToken: await initialAccessToken() };
    const config = await client.dynamicClientRegistration(issuer, metadata, undefined, options);
    const id = config.clientMetadata().client_id;
    const { access_token: token } = await client.clientCredentialsGrant(config, { resource: sharedApi });
    const api = await scene.addClient('--name', 'Shared API', '--serves', sharedApi);
    const resourceServer = await scene.discover(api.client_id, undefined, client.ClientSecretBasic(api.client_secret));
    assert.equal((await client.tokenIntrospection(resourceServer, token)).active, true);

    const read = await manage(config, 'GET');
    assert.equal(read.status, 200);
    const known = (await read.json()) as Record<string, unknown>;
    assert.deepEqual([known.client_id, known.client_name, known.redirect_uris], [id, 'Field notes', [callback]]);

    const changed = await manage(config, 'PUT', {
      ...metadata,
      client_id: id,
      client_name: 'Field notes 2',
      scope: 'openid',
    });
    assert.equal(changed.status, 200);
    assert.equal(((await changed.json()) as Record<string, unknown>).client_name, 'Field notes 2');
    await assert.rejects(
      client.clientCredentialsGrant(config, { scope: 'readings.write' }),
      isError('invalid_scope', 400),
    );

    const other = await client.dynamicClientRegistration(issuer, metadata, undefined, {
      initialAccessToken: await initialAccessToken(),
    });
    const uri = new URL(String(other.clientMetadata().registration_client_uri));
    const foreign = client.fetchProtectedResource(
      config,
      String(config.clientMetadata().registration_access_token),
      uri,
      'DELETE',
    );
    await assert.rejects(foreign, { status: 401 });

    assert.equal((await manage(config, 'DELETE')).status, 204);
    await assert.rejects(manage(config, 'GET'), { status: 401 });
    await assert.rejects(client.clientCredentialsGrant(config), isError('invalid_client', 401));
    assert.deepEqual(await client.tokenIntrospection(resourceServer, token), { active: false });
  });
});
