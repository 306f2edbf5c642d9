/** Where browsers arrive when the server sends them back: a web site of any name over TLS, and an app on a loopback port. */
import { once } from 'node:events';
import { createServer as createPlainServer, type RequestListener, type Server } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { serverCertificate } from './browser.ts';

export interface Arrival {
  readonly port: number;
  close(): Promise<void>;
}

const greet: RequestListener = (_, response) => {
  response.writeHead(200, { 'content-type': 'text/html' }).end('<!doctype html><title>client</title><p>You are back.');
};

/** A web site over TLS whose certificate the browser has to be told to accept. */
export function startWebSite(host: string): Promise<Arrival> {
  return listen(createServer(serverCertificate([host]), greet));
}

/** What a native app opens on its user's machine to receive one answer. */
export function startLoopbackApp(): Promise<Arrival> {
  return listen(createPlainServer(greet));
}

async function listen(
  server: Pick<Server, 'listen' | 'address' | 'close' | 'closeAllConnections' | 'once'>,
): Promise<Arrival> {
  server.listen(0, '127.0.0.1');
  await once(server as Server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
