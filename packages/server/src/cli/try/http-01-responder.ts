/**
 * Answers http-01 challenges on the port that the server's validation asks.
 * @spec RFC 8555 §8.3
 */
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { ok, type Result } from '@tegata/core/result';
import { type CliFault, failure } from '../command.ts';

export interface Http01Responder {
  /** Answers for this token from now on. */
  answer(token: string, keyAuthorization: string): void;
  close(): Promise<void>;
}

const folder = '/.well-known/acme-challenge/';

/** Listens on every address of the machine. */
export async function openHttp01Responder(port: number): Promise<Result<Http01Responder, CliFault>> {
  const answers = new Map<string, string>();
  const server = createServer(({ url = '' }, response) => {
    const text = url.startsWith(folder) ? answers.get(url.slice(folder.length)) : undefined;
    response.writeHead(text === undefined ? 404 : 200, {
      'Content-Type': 'application/octet-stream',
      Connection: 'close',
    });
    response.end(text);
  });
  const fault = (await listen(server, port, '::')) === undefined ? undefined : await listen(server, port, '0.0.0.0');
  if (fault !== undefined) return failure(describe(fault, port));
  return ok({
    answer: (token, keyAuthorization) => void answers.set(token, keyAuthorization),
    close: async () => {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  });
}

function listen(server: Server, port: number, host: string): Promise<NodeJS.ErrnoException | undefined> {
  return new Promise((resolve) => {
    const refused = (error: NodeJS.ErrnoException) => resolve(error);
    server.once('error', refused).listen(port, host, () => {
      server.off('error', refused);
      resolve(undefined);
    });
  });
}

function describe({ code, message }: NodeJS.ErrnoException, port: number): string {
  const elsewhere = 'start the server and this command with --set acme.validation.httpPort=5002';
  if (code === 'EACCES')
    return `Port ${port} needs more rights than this user has. Run this command with sudo, or ${elsewhere}.`;
  if (code === 'EADDRINUSE')
    return `Port ${port} is taken by another program. Stop that while you try, or ${elsewhere}.`;
  return `Port ${port} cannot be opened: ${message}.`;
}
