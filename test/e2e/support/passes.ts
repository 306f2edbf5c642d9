/** OAuth as a client of a running server does it; codes come from beside the server, where a login would have put them. */
import assert from 'node:assert/strict';
import { createHandle, digestHandle, formatHandle, timeOrderedId } from '@tegata/core/id';
import { systemRandom } from '@tegata/core/random';
import { unwrap } from '@tegata/core/result';
import type { Store } from '@tegata/server/ports/store';
import { openStore } from '@tegata/server/store/open-store';
import { basic, codeChallenge, exchange, redirectUri } from '../../support/oauth-harness.ts';
import type { TestServer } from '../../support/server.ts';
import type { Web, WebAnswer } from './web.ts';

export interface TestApp {
  readonly clientId: string;
  readonly secret: string;
  /** Value of its Authorization field. */
  readonly basic: string;
}

const scope = 'openid offline_access';

/** Registers a client that may do everything, with the command. */
export async function addApp(server: Pick<TestServer, 'tegata'>, clientId: string): Promise<TestApp> {
  const grants = ['authorization_code', 'refresh_token', 'client_credentials'].flatMap((grant) => ['--grant', grant]);
  const added = await server.tegata(
    ...['client', 'add', '--json', '--id', clientId, '--redirect-uri', redirectUri, '--scope', scope, ...grants],
  );
  assert.equal(added.code, 0, added.stderr);
  const secret: string = JSON.parse(added.stdout).client_secret;
  return { clientId, secret, basic: basic(clientId, secret) };
}

/** What the authorization endpoint would have done. */
export interface Backdoor {
  readonly store: Store;
  /** A person who can authorize; the subject. */
  addUser(): Promise<string>;
  /** A code that stands for a fresh login. */
  mintCode(app: TestApp, subject: string): Promise<string>;
  close(): Promise<void>;
}

const random = systemRandom();

/** Opens the store of a server beside it. */
export async function openBackdoor(storeUrl: string): Promise<Backdoor> {
  const store = unwrap(await openStore(storeUrl));
  return {
    store,
    async addUser() {
      const now = Date.now();
      const subject = `usr_${timeOrderedId(now, random)}`;
      const times = { createdAt: now, updatedAt: now };
      const person = { username: subject, emailVerified: false, administrator: false, disabled: false };
      assert.equal(await store.users.add({ subject, ...person, ...times }), 'added');
      return subject;
    },
    async mintCode({ clientId }, subject) {
      const now = Date.now();
      const handle = createHandle(now, random);
      const detail = { redirectUri, codeChallenge, authTime: now, amr: ['pwd'], offline: true };
      await store.tokens.putCode({
        handle: digestHandle(handle),
        family: timeOrderedId(now, random),
        value: { clientId, subject, scopes: scope.split(' '), resources: [], detail },
        createdAt: now,
        expiresAt: now + 600_000,
      });
      return formatHandle(handle);
    },
    close: () => store.close(),
  };
}

/** Requests of one client. */
export interface AppRequests {
  exchange(code: string): Promise<WebAnswer>;
  refresh(token: string): Promise<WebAnswer>;
  clientCredentials(): Promise<WebAnswer>;
  /** Whether the server takes the token for good. */
  isActive(token: string): Promise<boolean>;
}

export function requestsOf(web: Web, { basic: authorization }: TestApp): AppRequests {
  const post = (path: string, form: Record<string, string>) =>
    web.call('POST', path, { form, headers: { Authorization: authorization } });
  return {
    exchange: (code) => post('/token', exchange(code)),
    refresh: (token) => post('/token', { grant_type: 'refresh_token', refresh_token: token }),
    clientCredentials: () => post('/token', { grant_type: 'client_credentials' }),
    async isActive(token) {
      const answer = await post('/introspect', { token });
      assert.equal(answer.status, 200, answer.text);
      return answer.json.active === true;
    },
  };
}
