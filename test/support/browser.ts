/** The pages behind the real HTTP edge, and Chromium to visit them: host names are mapped to loopback, certificates are not checked. */
import { type KeyObject, X509Certificate } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { encodePem } from '@tegata/core/codec/pem';
import { exportPublicKeyInfo } from '@tegata/core/crypto';
import { createEdge } from '@tegata/server/http/edge';
import { type Browser, chromium } from 'playwright-core';
import { createTestAuthority, generateKeys } from './certificates.ts';
import { createInteractionHarness, type InteractionHarness } from './interaction-harness.ts';
import { silentLog } from './oauth-harness.ts';

/** Names that the browser finds on this machine: the server, a client, and a place that the client sends users on to. */
export const hosts = { server: 'id.example.com', client: 'photos.example.com', beyond: 'app.example.net' } as const;

export interface PageServer {
  readonly harness: InteractionHarness;
  readonly port: number;
  close(): Promise<void>;
}

const launchArguments = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--hide-scrollbars',
];

/** Starts Chromium; every host name leads to the server's port, and 127.0.0.1 and localhost to themselves. */
export function launchBrowser(executablePath: string, port: number): Promise<Browser> {
  const rules = `--host-resolver-rules=MAP * 127.0.0.1:${port}, EXCLUDE 127.0.0.1, EXCLUDE localhost`;
  return chromium.launch({ executablePath, args: [...launchArguments, rules] });
}

/** Serves the pages of a fresh harness, and a client beside them, on one loopback port. */
export async function servePages(): Promise<PageServer> {
  const harness = await createInteractionHarness();
  const edge = createEdge({
    isOutage: () => false,
    endpoints: harness.endpoints,
    notFound: () => ({ status: 404, headers: ['Content-Type', 'text/plain'], body: 'not found' }),
    peerOf: () => ({ address: '127.0.0.1', secure: true }),
    nextRequestId: () => '7K3M-9QXD-2F5A',
    commonHeaders: [],
    clock: harness.clock,
    log: silentLog,
    metrics: { count() {}, observe() {} },
  });
  const server = createServer(serverCertificate(Object.values(hosts)), (request, response) => {
    if (request.headers.host === hosts.server) edge.handler(request, response);
    else answerAsClient(request.url ?? '/', response);
  });
  const port = await listen(server);
  return {
    harness,
    port,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await harness.close();
    },
  };
}

/** A client that takes codes, one that sends the user on to another site, and one that tries to frame the sign-in page. */
function answerAsClient(path: string, response: ServerResponse): void {
  if (path.startsWith('/onward')) response.writeHead(303, { location: `https://${hosts.beyond}/arrived` }).end();
  else {
    const frame = path === '/frame' ? `<iframe src="https://${hosts.server}/login"></iframe>` : '<p>back';
    response.writeHead(200, { 'content-type': 'text/html' }).end(`<!doctype html><title>client</title>${frame}`);
  }
}

function listen(server: Server): Promise<number> {
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port));
  });
}

/** A certificate with its chain, and its key, of an authority that nobody knows. */
export function serverCertificate(hostNames: readonly string[]): { readonly cert: string; readonly key: string } {
  const now = Date.now();
  const authority = createTestAuthority('ES256', now);
  const { privateKey } = generateKeys('ES256') as { readonly privateKey: KeyObject };
  const names = hostNames.map((value) => ({ type: 'dns', value }) as const);
  const leaf = authority.issue({ publicKeyInfo: exportPublicKeyInfo(privateKey), names });
  const cert = new X509Certificate(leaf).toString();
  return {
    cert: cert + encodePem('CERTIFICATE', authority.certificate),
    key: privateKey.export({ format: 'pem', type: 'pkcs8' }).toString(),
  };
}
