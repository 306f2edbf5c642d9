/** Opens and closes the sockets that the edge answers on: HTTPS with reloadable certificate, or plain HTTP behind a proxy and for CRLs. */
import { createServer as createHttpServer, type Server as HttpServer, type RequestListener } from 'node:http';
import { createServer as createHttpsServer, type Server as HttpsServer } from 'node:https';
import { type AddressInfo, Server as NetServer } from 'node:net';
import { fail, ok, type Result } from '@tegata/core/result';
import { type Connections, followConnections } from './connections.ts';
import { refuseUnreadable } from './unreadable-request.ts';

export interface ListenAddress {
  readonly host: string;
  /** 0 asks the system for a free one. */
  readonly port: number;
}

export interface TlsCredentials {
  /** Leaf first, intermediates after it. */
  readonly certificatePem: string;
  /** PKCS #8 or the traditional forms that OpenSSL reads. */
  readonly keyPem: string;
}

export interface ListenFault {
  readonly code: 'in-use' | 'forbidden' | 'no-address' | 'other';
  /** One sentence that says what to do. */
  readonly detail: string;
}

export interface Listener {
  readonly host: string;
  readonly port: number;
  /** New connections use this certificate from now on; ignored by a plain listener. Without any, TLS handshakes fail. */
  reload(tls: TlsCredentials): void;
  /** Stops accepting, closes idle connections, and resolves when the rest are done or `deadline` milliseconds have passed. */
  close(deadline: number): Promise<void>;
}

/** Time limits against slow clients, and a long keep-alive because a handshake costs as much as thirty signatures. */
const limits = {
  headersTimeout: 10_000,
  requestTimeout: 30_000,
  keepAliveTimeout: 65_000,
  connectionsCheckingInterval: 5_000,
  maxHeaderSize: 16_384,
} as const;

/** Starts listening by plain HTTP, or by HTTPS (TLS 1.2 and later), which works once it has been given a certificate. */
export function listen(
  address: ListenAddress,
  handler: RequestListener,
  protocol: 'http' | 'https',
): Promise<Result<Listener, ListenFault>> {
  const server =
    protocol === 'http' ? createHttpServer(limits) : createHttpsServer({ ...limits, minVersion: 'TLSv1.2' });
  const connections = followConnections(server, protocol);
  server.on('request', handler);
  server.on('clientError', refuseUnreadable);
  return new Promise((resolve) => {
    server.once('error', (error: NodeJS.ErrnoException) => resolve(fail(explain(error, address))));
    server.listen(address.port, address.host, () => {
      server.removeAllListeners('error');
      // A broken connection is the client's affair; without a handler it would end the process.
      server.on('error', () => {});
      resolve(ok(toListener(server, connections, address)));
    });
  });
}

function toListener(server: HttpServer | HttpsServer, connections: Connections, address: ListenAddress): Listener {
  return {
    host: address.host,
    port: (server.address() as AddressInfo).port,
    reload: (tls) => {
      if ('setSecureContext' in server)
        server.setSecureContext({ cert: tls.certificatePem, key: tls.keyPem, minVersion: 'TLSv1.2' });
    },
    close: (deadline) =>
      new Promise((resolve) => {
        const force = setTimeout(() => server.closeAllConnections(), deadline);
        // Not the method of HTTP servers, which would close connections with answers still on their way.
        NetServer.prototype.close.call(server, () => {
          clearTimeout(force);
          resolve();
        });
        connections.drain();
      }),
  };
}

function explain(error: NodeJS.ErrnoException, { host, port }: ListenAddress): ListenFault {
  switch (error.code) {
    case 'EADDRINUSE':
      return {
        code: 'in-use',
        detail: `Port ${port} on ${host} is already in use: stop the program that holds it or choose another address.`,
      };
    case 'EACCES':
      return {
        code: 'forbidden',
        detail: `Port ${port} needs more rights than this user has: choose a port above 1023 or run with the right to bind it.`,
      };
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return {
        code: 'no-address',
        detail: `${host} is not an address of this machine: choose one that is, such as localhost or 0.0.0.0.`,
      };
    default:
      return { code: 'other', detail: `Cannot listen on ${host}:${port}: ${error.message}.` };
  }
}
