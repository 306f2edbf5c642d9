/** HTTPS requests to our own server, bounded, with sentences for what goes wrong on the way. */
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { getCACertificates } from 'node:tls';
import { ok, type Result } from '@tegata/core/result';
import { type CliFault, failure } from '../command.ts';

export interface HttpsAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export interface HttpsClient {
  send(
    method: 'GET' | 'HEAD' | 'POST',
    url: string,
    headers?: Readonly<Record<string, string>>,
    body?: string,
  ): Promise<Result<HttpsAnswer, CliFault>>;
}

const longestWait = 30_000;
const largestAnswer = 1_048_576;

/** Trusts the roots of the system and `roots` (PEM). */
export function createHttpsClient(roots: readonly string[]): HttpsClient {
  const ca = [...getCACertificates('default'), ...roots];
  return {
    send: (method, url, headers = {}, body) =>
      new Promise((resolve) => {
        const length = body === undefined ? {} : { 'Content-Length': String(Buffer.byteLength(body)) };
        const signal = AbortSignal.timeout(longestWait);
        const options = { method, ca, signal, agent: false, headers: { ...headers, ...length } } as const;
        const request = httpsRequest(url, options, (response) => {
          collect(response).then(
            (text) => resolve(ok({ status: response.statusCode ?? 0, headers: response.headers, body: text })),
            (error) => resolve(failure(explain(error, url))),
          );
        });
        request.on('error', (error) => resolve(failure(explain(error, url))));
        request.end(body);
      }),
  };
}

async function collect(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > largestAnswer) throw new Error('the answer is larger than 1 MiB');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}

/** One sentence for an error of the network or of TLS. */
function explain(error: NodeJS.ErrnoException, url: string): string {
  const { origin, hostname } = new URL(url);
  const codes = [error.code, ...(error instanceof AggregateError ? error.errors.map(({ code }) => code) : [])];
  if (codes.includes('ECONNREFUSED')) {
    return `No server answers at ${origin}. Start it in another terminal (tegata serve), or name its address with --issuer.`;
  }
  if (codes.includes('ENOTFOUND') || codes.includes('EAI_AGAIN')) {
    return `The name ${hostname} has no address here. Check the option issuer, or the name servers of this machine.`;
  }
  if (error.name === 'TimeoutError' || error.name === 'AbortError') {
    return `The server at ${origin} did not answer within ${longestWait / 1000} seconds.`;
  }
  if (/CERT|ISSUER|LEAF|ALTNAME|SSL|TLS/.test(error.code ?? '')) {
    return `The certificate of ${origin} is not one that this server's CA vouches for (${error.message}). Is another server listening there?`;
  }
  return `The request to ${origin} failed: ${error.message}.`;
}
