/** Checks of the ports: free, held by this server, or held by somebody else. */
import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { createServer } from 'node:net';
import type { Config } from '../../config/config.ts';
import { formatHostPort, type HostPort } from '../../config/values.ts';
import { bad, type Finding, well } from './finding.ts';

const longestWait = 2_000;

/** One finding for each address that the server listens on. */
export async function checkListeners({ listen, http, metrics, tls }: Config): Promise<readonly Finding[]> {
  const probes = [
    { name: 'listen', address: listen, path: '/healthz', secure: tls.mode !== 'off' },
    { name: 'http.listen', address: http.listen, path: '/healthz', secure: false },
    { name: 'metrics.listen', address: metrics.listen, path: '/metrics', secure: false },
  ];
  return Promise.all(
    probes.map(async ({ name, address, path, secure }) => {
      if (address === 'off') return well(name, 'off');
      const place = formatHostPort(address);
      if (address.port === 0) return well(name, `${place} takes a free port at the start`);
      const fault = await tryToBind(address);
      if (fault === undefined) return well(name, `${place} is free: no server is running there`);
      if (fault === 'EADDRINUSE' && (await answers(address, path, secure)))
        return well(name, `${place} is answered by a server`);
      return bad(name, `${place} cannot be opened (${fault})`, remedies[fault] ?? 'Choose another address.');
    }),
  );
}

const remedies: Readonly<Record<string, string>> = {
  EADDRINUSE: 'Another program holds the port: stop it, or choose another port.',
  EACCES: 'Ports below 1024 need more rights: choose a higher one, or give this user the right to open it.',
  EADDRNOTAVAIL: 'The host is no address of this machine.',
  ENOTFOUND: 'The host has no address.',
};

function tryToBind({ host, port }: HostPort): Promise<string | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.on('error', ({ code, message }: NodeJS.ErrnoException) => resolve(code ?? message));
    server.listen(port, host, () => server.close(() => resolve(undefined)));
  });
}

/** Looks at no certificate: this only asks who is there, and learns and says nothing secret. */
function answers({ host, port }: HostPort, path: string, secure: boolean): Promise<boolean> {
  const name = host === '0.0.0.0' || host === '::' ? 'localhost' : host;
  return new Promise((resolve) => {
    const options = { host: name, port, path, timeout: longestWait, agent: false } as const;
    const call = secure ? httpsRequest({ ...options, rejectUnauthorized: false }) : httpRequest(options);
    call.on('response', (response) => {
      response.resume();
      resolve(response.statusCode !== undefined && response.statusCode < 500);
    });
    call.on('timeout', () => call.destroy());
    call.on('error', () => resolve(false));
    call.on('close', () => resolve(false));
    call.end();
  });
}
