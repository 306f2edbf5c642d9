/**
 * The addresses of ACME resources, made from the configured external address and never from what a request says of itself.
 * @spec RFC 8555 §6.4
 * @spec RFC 8555 §7.1
 */

export interface AcmeUrls {
  /** Scheme, host and port of the configured address; with a request's own path and query it gives the URL that must be signed. */
  readonly origin: string;
  readonly directory: string;
  /** Absolute URL of a resource by its path below the base path, e.g. `/acme/new-order`. */
  readonly resource: (path: string) => string;
  readonly account: (id: string) => string;
  readonly orders: (accountId: string) => string;
  readonly order: (id: string) => string;
  readonly finalize: (orderId: string) => string;
  readonly authorization: (id: string) => string;
  readonly challenge: (authorizationId: string, id: string) => string;
  readonly certificate: (id: string) => string;
  /** The id in an account URL exactly as `account` writes it; `undefined` for any other text. */
  readonly accountIdOf: (url: string) => string | undefined;
}

/** Paths of the resources below the base path, with `{name}` for each parameter. */
export const acmePaths = {
  directory: '/acme/directory',
  directoryAlias: '/directory',
  newNonce: '/acme/new-nonce',
  newAccount: '/acme/new-account',
  newOrder: '/acme/new-order',
  revokeCert: '/acme/revoke-cert',
  keyChange: '/acme/key-change',
  account: '/acme/account/{account}',
  orders: '/acme/orders/{account}',
  order: '/acme/order/{order}',
  finalize: '/acme/order/{order}/finalize',
  authorization: '/acme/authorization/{authorization}',
  challenge: '/acme/challenge/{authorization}/{challenge}',
  certificate: '/acme/certificate/{certificate}',
} as const;

/** @param baseUrl external `https` address of the server without a slash at its end: the issuer */
export function createAcmeUrls(baseUrl: string): AcmeUrls {
  const { origin, pathname } = new URL(baseUrl);
  const base = pathname === '/' ? origin : origin + pathname;
  const accountPrefix = `${base}/acme/account/`;
  return {
    origin,
    directory: base + acmePaths.directory,
    resource: (path) => base + path,
    account: (id) => accountPrefix + id,
    orders: (accountId) => `${base}/acme/orders/${accountId}`,
    order: (id) => `${base}/acme/order/${id}`,
    finalize: (orderId) => `${base}/acme/order/${orderId}/finalize`,
    authorization: (id) => `${base}/acme/authorization/${id}`,
    challenge: (authorizationId, id) => `${base}/acme/challenge/${authorizationId}/${id}`,
    certificate: (id) => `${base}/acme/certificate/${id}`,
    accountIdOf: (url) => {
      const id = url.startsWith(accountPrefix) ? url.slice(accountPrefix.length) : '';
      return /^[0-9a-v]{21}$/.test(id) ? id : undefined;
    },
  };
}
