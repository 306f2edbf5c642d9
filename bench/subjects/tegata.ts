/** Tegata as a token subject: the real server on its durable store, behind plain HTTP like its peer. */
import { join } from 'node:path';
import { createHandle, digestHandle, formatHandle, timeOrderedId } from '@tegata/core/id';
import { systemRandom } from '@tegata/core/random';
import { unwrap } from '@tegata/core/result';
import { day, hour } from '@tegata/core/time/duration';
import { loadConfig } from '../../packages/server/src/config/load.ts';
import { serve } from '../../packages/server/src/main/serve.ts';
import { registerClient } from '../../packages/server/src/oauth/clients/register-client.ts';
import { createMetadataPolicy } from '../../packages/server/src/oauth/metadata-policy.ts';
import type { NewToken, TokenValue } from '../../packages/server/src/ports/stores/tokens.ts';
import { openStore } from '../../packages/server/src/store/open-store.ts';
import { createLog } from '../../packages/server/src/telemetry/log.ts';
import { freePort } from '../../test/support/free-port.ts';
import { benchClients, type MintKind, type MintRequest, pkce, type TokenSubjectReady } from '../lib/subject.ts';

const [folder = '', assertionJwk = '{}'] = process.argv.slice(2);
const issuer = 'https://tegata.example';
const resource = 'https://api.example/';
const subject = 'usr_bench';
const random = systemRandom();
const { machine, web, assertion } = benchClients;
const port = await freePort();

const config = unwrap(
  loadConfig({
    environment: {},
    flags: {
      issuer,
      listen: `127.0.0.1:${port}`,
      data: folder,
      'tls.mode': 'off',
      'http.listen': 'off',
      'metrics.listen': 'off',
      'oauth.scopes': 'api',
      'oauth.resources': resource,
    },
  }),
);
const { log } = createLog({ level: 'error', format: 'json' });
const running = unwrap(await serve(config, { version: 'bench', log, commandOptions: [], colour: false }));
const store = unwrap(await openStore(`sqlite:${join(folder, 'tegata.db')}`));
await addClients();
await addUser();

/** Clients with the same rights as those of the peer; secrets are the bench's own, so that every subject has the same. */
async function addClients(): Promise<void> {
  const { createHash } = await import('node:crypto');
  const clients = [
    {
      clientId: machine.id,
      secret: machine.secret,
      metadata: { grant_types: ['client_credentials'], response_types: [] },
    },
    {
      clientId: assertion.id,
      secret: undefined,
      metadata: {
        grant_types: ['client_credentials'],
        response_types: [],
        token_endpoint_auth_method: 'private_key_jwt',
        jwks: { keys: [JSON.parse(assertionJwk)] },
      },
    },
    {
      clientId: web.id,
      secret: web.secret,
      metadata: { grant_types: ['authorization_code', 'refresh_token'], redirect_uris: [web.redirectUri] },
    },
  ];
  const policy = createMetadataPolicy(['ES256', 'RS256'], ['api']);
  for (const { clientId, secret, metadata } of clients) {
    const input = {
      clientId,
      source: 'operator' as const,
      metadata: { scope: 'openid offline_access api', ...metadata },
    };
    const { record } = unwrap(registerClient(input, { policy, random, now: Date.now() }));
    const secretDigest = secret === undefined ? {} : { secretDigest: createHash('sha256').update(secret).digest() };
    await store.clients.add({ ...record, ...secretDigest });
  }
}

/** The user of every code and refresh token; never signs in. */
async function addUser(): Promise<void> {
  const at = Date.now();
  const user = { subject, username: 'bench', emailVerified: false, administrator: false, disabled: false };
  await store.users.add({ ...user, createdAt: at, updatedAt: at });
}

async function mint(kind: MintKind): Promise<string> {
  const now = Date.now();
  const token = newToken(now);
  if (kind === 'opaque') {
    await store.tokens.putAccess(token.row);
    return formatHandle(token.handle);
  }
  await store.tokens.putCode(token.row);
  if (kind === 'code') return formatHandle(token.handle);
  const refresh = newToken(now);
  await store.tokens.redeemCode(token.row.handle, { refresh: { ...refresh.row, family: token.row.family } }, now);
  return formatHandle(refresh.handle);
}

function newToken(now: number) {
  const handle = createHandle(now, random);
  const value: TokenValue = {
    clientId: web.id,
    subject,
    scopes: ['openid', 'offline_access', 'api'],
    resources: [resource],
    detail: {
      redirectUri: web.redirectUri,
      codeChallenge: pkce.challenge,
      authTime: now,
      amr: ['pwd'],
      offline: true,
      familyExpiresAt: now + 90 * day,
    },
  };
  const row: NewToken = {
    handle: digestHandle(handle),
    family: timeOrderedId(now, random),
    value,
    createdAt: now,
    expiresAt: now + hour,
  };
  return { handle, row };
}

process.on('message', async ({ kind, count }: MintRequest) => {
  const minted: string[] = [];
  // Many at a time share a commit.
  for (let at = 0; at < count; at += 500) {
    const batch = Array.from({ length: Math.min(500, count - at) }, () => mint(kind));
    minted.push(...(await Promise.all(batch)));
  }
  process.send?.(minted);
});
const stop = async (): Promise<void> => {
  await store.close();
  await running.stop();
  process.exit(0);
};
process.on('disconnect', stop);
process.on('SIGTERM', stop);
const ready: TokenSubjectReady = { port, issuer, tokenPath: '/token', introspectionPath: '/introspect' };
process.send?.(ready);
