/** Records for the conformance suites: complete, and different each time where they must be. */
import { timeOrderedId } from '@tegata/core/id';
import { systemRandom } from '@tegata/core/random';
import type { Instant } from '@tegata/core/time/clock';
import { day, hour, minute } from '@tegata/core/time/duration';
import type { AcmeAccountRecord } from '../../ports/stores/acme-accounts.ts';
import type { CertificateIntent } from '../../ports/stores/certificates.ts';
import type { ClientRecord } from '../../ports/stores/clients.ts';
import type { JobKind, NewJob } from '../../ports/stores/jobs.ts';
import type { KeyRecord } from '../../ports/stores/keys.ts';
import type { AuthorizationRecord, OrderRecord } from '../../ports/stores/orders.ts';
import type { NewToken, TokenValue } from '../../ports/stores/tokens.ts';
import type { UserRecord } from '../../ports/stores/users.ts';

/** The time at which the suites play. */
export const now: Instant = 1_800_000_000_000;

const random = systemRandom();

export function newId(): string {
  return timeOrderedId(now, random);
}

export function newDigest(): Uint8Array {
  return random.bytes(32);
}

/** `[action(0), action(1), …]`, all begun before any has ended. */
export function together<T>(count: number, action: (index: number) => Promise<T>): Promise<readonly T[]> {
  return Promise.all(Array.from({ length: count }, (_, index) => action(index)));
}

export function countOf<T>(items: readonly T[], wanted: (item: T) => boolean): number {
  return items.filter(wanted).length;
}

export function tokenValue(change: Partial<TokenValue> = {}): TokenValue {
  return {
    clientId: 'client-1',
    subject: 'usr_1',
    scopes: ['openid', 'offline_access'],
    resources: ['https://api.example/'],
    detail: { redirectUri: 'https://app.example/callback', authTime: now, amr: ['pwd'], offline: true },
    ...change,
  };
}

function newToken(family: string, lifetime: number, value: TokenValue = tokenValue(), at = now): NewToken {
  return { handle: { id: newId(), digest: newDigest() }, family, value, createdAt: at, expiresAt: at + lifetime };
}

export const newCode = (family: string, value?: TokenValue): NewToken => newToken(family, minute, value);
export const newRefresh = (family: string, value?: TokenValue): NewToken => newToken(family, 30 * day, value);
export const newAccess = (family: string, value?: TokenValue): NewToken => newToken(family, hour, value);

export function newClient(change: Partial<ClientRecord> = {}): ClientRecord {
  return {
    clientId: newId(),
    metadata: { client_name: 'Ledger', redirect_uris: ['https://app.example/callback'] },
    secretDigest: newDigest(),
    createdAt: now,
    version: 1,
    ...change,
  };
}

export function newUser(change: Partial<UserRecord> = {}): UserRecord {
  const id = newId();
  return {
    subject: `usr_${id}`,
    username: `name-${id}`,
    name: 'Aiko Tanaka',
    emailVerified: false,
    administrator: true,
    passwordHash: '$argon2id$v=19$m=19456,t=2,p=1$c2FsdA$aGFzaA',
    createdAt: now,
    updatedAt: now,
    disabled: false,
    ...change,
  };
}

export function newKey(change: Partial<KeyRecord> = {}): KeyRecord {
  return {
    keyId: newId(),
    purpose: 'token',
    algorithm: 'ES256',
    publicJwk: { kty: 'EC', crv: 'P-256', x: 'x', y: 'y' },
    wrapped: random.bytes(80),
    createdAt: now,
    activeFrom: now,
    ...change,
  };
}

export function newAccount(change: Partial<AcmeAccountRecord> = {}): AcmeAccountRecord {
  return {
    id: newId(),
    status: 'valid',
    publicJwk: { kty: 'EC', crv: 'P-256', x: 'x', y: 'y' },
    thumbprint: newId(),
    contact: ['mailto:ops@example.org'],
    termsAgreedAt: now,
    createdAt: now,
    version: 1,
    ...change,
  };
}

export function newAuthorization(accountId: string, change: Partial<AuthorizationRecord> = {}): AuthorizationRecord {
  return {
    id: newId(),
    accountId,
    identifier: { type: 'dns', value: `${newId()}.example.org` },
    wildcard: false,
    status: 'pending',
    expiresAt: now + 7 * day,
    createdAt: now,
    challenges: [
      { id: newId(), type: 'http-01', status: 'pending', token: newId(), fields: {} },
      { id: newId(), type: 'dns-01', status: 'pending', token: newId(), fields: { label: 'x' } },
    ],
    ...change,
  };
}

/** An order over these authorizations, which it names in their order. */
export function newOrder(
  accountId: string,
  authorizations: readonly AuthorizationRecord[],
  change: Partial<OrderRecord> = {},
): OrderRecord {
  return {
    id: newId(),
    accountId,
    status: 'pending',
    identifiers: authorizations.map(({ identifier }) => identifier),
    authorizations: authorizations.map(({ id }) => id),
    profile: 'tls-server',
    expiresAt: now + 7 * day,
    createdAt: now,
    ...change,
  };
}

export function newJob(kind: JobKind, key: string, change: Partial<NewJob> = {}): NewJob {
  return { id: newId(), kind, key, payload: { about: key }, notBefore: now, ...change };
}

export function newIntent(change: Partial<CertificateIntent> = {}): CertificateIntent {
  return {
    id: newId(),
    serial: Buffer.from(random.bytes(16)).toString('hex'),
    issuer: 'issuer-1',
    profile: 'tls-server',
    accountId: 'account-1',
    identifiers: [{ type: 'dns', value: 'www.example.org' }],
    notBefore: now,
    notAfter: now + 90 * day,
    tbs: random.bytes(400),
    keyDigest: newDigest(),
    at: now,
    ...change,
  };
}
