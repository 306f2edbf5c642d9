/** The peer for tokens: npm oidc-provider with plain in-memory maps, or durable on SQLite with full sync. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { DatabaseSync } from 'node:sqlite';
import Provider, { type Adapter, type AdapterPayload } from 'oidc-provider';
import { benchClients, type MintRequest, pkce, type TokenSubjectReady } from '../lib/subject.ts';

const [storage = 'memory', databasePath = '', keyJson = '{}', assertionJwk = '{}'] = process.argv.slice(2);
const resource = 'https://api.example/';

/** Maps without eviction: the bundled adapter forgets everything past a thousand entries. */
function memoryAdapter(): new (name: string) => Adapter {
  const rows = new Map<string, AdapterPayload>();
  return class {
    readonly #prefix: string;
    constructor(name: string) {
      this.#prefix = `${name}:`;
    }
    async upsert(id: string, payload: AdapterPayload) {
      rows.set(this.#prefix + id, payload);
    }
    async find(id: string) {
      return rows.get(this.#prefix + id);
    }
    async findByUid() {
      return undefined;
    }
    async findByUserCode() {
      return undefined;
    }
    async consume(id: string) {
      const row = rows.get(this.#prefix + id);
      if (row !== undefined) row.consumed = Math.floor(Date.now() / 1000);
    }
    async destroy(id: string) {
      rows.delete(this.#prefix + id);
    }
    async revokeByGrantId() {}
  };
}

/** One row per artefact, written through to the disk as each is saved: what a careful operator would write for it. */
function sqliteAdapter(path: string): new (name: string) => Adapter {
  const database = new DatabaseSync(path);
  database.exec('PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA cache_size=-65536');
  database.exec('CREATE TABLE artefacts (id TEXT PRIMARY KEY, payload TEXT NOT NULL, consumed INTEGER) WITHOUT ROWID');
  const upsert = database.prepare(
    'INSERT INTO artefacts VALUES (?,?,NULL) ON CONFLICT (id) DO UPDATE SET payload=excluded.payload',
  );
  const find = database.prepare('SELECT payload, consumed FROM artefacts WHERE id=?');
  const consume = database.prepare('UPDATE artefacts SET consumed=? WHERE id=?');
  const destroy = database.prepare('DELETE FROM artefacts WHERE id=?');
  return class {
    readonly #prefix: string;
    constructor(name: string) {
      this.#prefix = `${name}:`;
    }
    async upsert(id: string, payload: AdapterPayload) {
      upsert.run(this.#prefix + id, JSON.stringify(payload));
    }
    async find(id: string) {
      const row = find.get(this.#prefix + id);
      if (row === undefined) return undefined;
      const payload = JSON.parse(row.payload as string) as AdapterPayload;
      return row.consumed === null ? payload : { ...payload, consumed: Number(row.consumed) };
    }
    async findByUid() {
      return undefined;
    }
    async findByUserCode() {
      return undefined;
    }
    async consume(id: string) {
      consume.run(Math.floor(Date.now() / 1000), this.#prefix + id);
    }
    async destroy(id: string) {
      destroy.run(this.#prefix + id);
    }
    async revokeByGrantId() {}
  };
}

const server = createServer();
await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
const { port } = server.address() as AddressInfo;
const issuer = `http://127.0.0.1:${port}`;
const { machine, web, assertion } = benchClients;

const provider = new Provider(issuer, {
  adapter: storage === 'sqlite' ? sqliteAdapter(databasePath) : memoryAdapter(),
  jwks: { keys: [JSON.parse(keyJson)] },
  cookies: { keys: ['bench'] },
  enabledJWA: { clientAuthSigningAlgValues: ['ES256'] },
  features: {
    devInteractions: { enabled: false },
    clientCredentials: { enabled: true },
    introspection: { enabled: true },
    resourceIndicators: {
      enabled: true,
      defaultResource: () => resource,
      useGrantedResource: () => true,
      getResourceServerInfo: () => ({
        scope: 'api',
        audience: resource,
        accessTokenTTL: 600,
        accessTokenFormat: 'jwt',
        jwt: { sign: { alg: 'ES256' } },
      }),
    },
  },
  issueRefreshToken: async () => true,
  rotateRefreshToken: true,
  findAccount: async (_ctx, id) => ({ accountId: id, claims: async () => ({ sub: id }) }),
  scopes: ['openid', 'offline_access', 'api'],
  clients: [
    {
      client_id: machine.id,
      client_secret: machine.secret,
      grant_types: ['client_credentials'],
      response_types: [],
      redirect_uris: [],
      token_endpoint_auth_method: 'client_secret_basic',
      id_token_signed_response_alg: 'ES256',
    },
    {
      client_id: assertion.id,
      grant_types: ['client_credentials'],
      response_types: [],
      redirect_uris: [],
      token_endpoint_auth_method: 'private_key_jwt',
      token_endpoint_auth_signing_alg: 'ES256',
      id_token_signed_response_alg: 'ES256',
      jwks: { keys: [JSON.parse(assertionJwk)] },
    },
    {
      client_id: web.id,
      client_secret: web.secret,
      grant_types: ['authorization_code', 'refresh_token'],
      redirect_uris: [web.redirectUri],
      token_endpoint_auth_method: 'client_secret_basic',
      id_token_signed_response_alg: 'ES256',
    },
  ],
});
server.on('request', provider.callback());

async function mint(kind: MintRequest['kind']): Promise<string> {
  const client = await provider.Client.find(web.id);
  if (client === undefined) throw new Error('bench client missing');
  const grant = new provider.Grant({ clientId: web.id, accountId: 'user-1' });
  grant.addOIDCScope('openid offline_access');
  grant.addResourceScope(resource, 'api');
  const grantId = await grant.save();
  const common = {
    accountId: 'user-1',
    client,
    grantId,
    scope: 'openid offline_access api',
    gty: 'authorization_code',
  };
  const authTime = Math.floor(Date.now() / 1000);
  if (kind === 'opaque') return new provider.AccessToken({ ...common, expiresWithSession: false }).save();
  if (kind === 'refresh') {
    return new provider.RefreshToken({
      ...common,
      authTime,
      resource,
      rotations: 0,
      iiat: authTime,
      expiresWithSession: false,
    } as never).save();
  }
  return new provider.AuthorizationCode({
    ...common,
    authTime,
    resource,
    redirectUri: web.redirectUri,
    codeChallenge: pkce.challenge,
    codeChallengeMethod: 'S256',
    expiresWithSession: false,
  } as never).save();
}

process.on('message', async ({ kind, count }: MintRequest) => {
  const minted: string[] = [];
  for (let at = 0; at < count; at++) minted.push(await mint(kind));
  process.send?.(minted);
});
process.on('disconnect', () => process.exit(0));
process.on('SIGTERM', () => process.exit(0));
process.send?.({
  port,
  issuer,
  tokenPath: '/token',
  introspectionPath: '/token/introspection',
} satisfies TokenSubjectReady);
