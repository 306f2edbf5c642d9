/**
 * One HTTP request to a stranger's host: connected to an address that was vetted, and bounded in every direction.
 * @spec RFC 8555 §8.3
 * @spec RFC 8555 §10.4
 */
import { type ClientRequest, request as httpRequest, type IncomingMessage, type RequestOptions } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { isIP } from 'node:net';
import { fail, ok, type Result } from '@tegata/core/result';
import type { HttpProbeResponse, ProbeFault } from '../../ports/probes.ts';
import type { Dns } from './dns.ts';

export interface HttpProbeOptions {
  readonly dns: Pick<Dns, 'resolveAddresses'>;
  /** Why an address must not be contacted, completing "the address is …"; `undefined` when it may be. */
  readonly checkAddress: (address: string) => string | undefined;
  /** Connected to in place of port 80. */
  readonly httpPort: number;
  /** Connected to in place of port 443. */
  readonly tlsPort: number;
}

/** One GET without following redirects; reads at most `limit` bytes of content. */
export type FetchHttp = (
  url: URL,
  limit: number,
  signal: AbortSignal,
) => Promise<Result<HttpProbeResponse, ProbeFault>>;

/** Milliseconds for a connection, TLS included, before the next address is tried. */
const connectTimeout = 4000;
const maximumAddresses = 4;
const maximumHeaderBytes = 16_384;

export function createFetchHttp(options: HttpProbeOptions): FetchHttp {
  return async (url, limit, signal) => {
    const host = url.hostname.replace(/^\[|\]$/g, '');
    const found = await options.dns.resolveAddresses(host, signal);
    if (!found.ok) return found;
    const vetted = vet(host, found.value, options.checkAddress);
    if (!vetted.ok) return vetted;
    let fault: ProbeFault = { kind: 'dns', detail: `${host} has no address.` };
    for (const address of vetted.value) {
      const attempt = await get(url, address, options, limit, signal);
      if (attempt.outcome.ok || attempt.connected || signal.aborted) return attempt.outcome;
      fault = attempt.outcome.error;
    }
    return fail(fault);
  };
}

/** The addresses that may be contacted, IPv6 and IPv4 in turn, so that a second try reaches the other family. */
function vet(
  host: string,
  addresses: readonly string[],
  check: HttpProbeOptions['checkAddress'],
): Result<readonly string[], ProbeFault> {
  const allowed = addresses.filter((address) => check(address) === undefined);
  const [first] = addresses;
  if (allowed.length === 0) {
    const detail =
      first === undefined
        ? `${host} has no address (neither A nor AAAA records).`
        : `${host} has the address ${first}, which is ${check(first)}.`;
    return fail({ kind: first === undefined ? 'dns' : 'address_refused', detail });
  }
  const six = allowed.filter((address) => isIP(address) === 6);
  const four = allowed.filter((address) => isIP(address) === 4);
  const turns = Array.from({ length: Math.max(six.length, four.length) }, (_, at) => [six[at], four[at]]).flat();
  return ok(turns.filter((address) => address !== undefined).slice(0, maximumAddresses));
}

interface Attempt {
  readonly outcome: Result<HttpProbeResponse, ProbeFault>;
  /** Whether the host was reached: then no other address is tried. */
  readonly connected: boolean;
}

function get(
  url: URL,
  address: string,
  options: HttpProbeOptions,
  limit: number,
  signal: AbortSignal,
): Promise<Attempt> {
  return new Promise((resolve) => {
    const secure = url.protocol === 'https:';
    const request = start(url, address, secure ? options.tlsPort : options.httpPort, secure);
    const place = `${url.hostname} (${address})`;
    let phase: 'connecting' | 'securing' | 'connected' = 'connecting';

    const finish = (outcome: Attempt['outcome']): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', giveUp);
      request.destroy();
      resolve({ outcome, connected: phase === 'connected' });
    };
    const stop = (kind: ProbeFault['kind'], what: string): void => finish(fail({ kind, detail: `${place} ${what}.` }));
    const giveUp = (): void => stop(phase === 'securing' ? 'tls' : 'connection', 'did not answer in time');
    const timer = setTimeout(giveUp, connectTimeout);

    request.on('socket', (socket) => {
      const connected = (): void => {
        phase = 'connected';
        clearTimeout(timer);
      };
      socket.once('connect', () => {
        phase = 'securing';
        if (!secure) connected();
      });
      if (secure) socket.once('secureConnect', connected);
    });
    request.on('response', (response) => void readResponse(response, limit).then(finish));
    request.on('error', (error: NodeJS.ErrnoException) =>
      stop(phase === 'securing' ? 'tls' : 'connection', describe(error, phase)),
    );
    // Whatever ends a request without an answer or an error, such as a switch of protocols.
    request.on('close', () => stop('connection', 'closed the connection without an answer'));
    signal.addEventListener('abort', giveUp);
    if (signal.aborted) giveUp();
    else request.end();
  });
}

function start(url: URL, address: string, port: number, secure: boolean): ClientRequest {
  const common: RequestOptions = {
    host: address,
    port,
    method: 'GET',
    path: url.pathname + url.search,
    headers: { Host: url.host, 'User-Agent': 'Tegata ACME validation', Accept: '*/*', Connection: 'close' },
    agent: false,
    maxHeaderSize: maximumHeaderBytes,
  };
  if (!secure) return httpRequest(common);
  const name = url.hostname.replace(/^\[|\]$/g, '');
  // The certificate may be expired or missing: getting one is what the client is here for.
  return httpsRequest({ ...common, servername: isIP(name) === 0 ? name : '', rejectUnauthorized: false });
}

/** Content up to `limit` bytes; more than that is not read. */
function readResponse(response: IncomingMessage, limit: number): Promise<Result<HttpProbeResponse, ProbeFault>> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let length = 0;
    const finish = (truncated: boolean): void => {
      const body = Buffer.concat(chunks).subarray(0, limit);
      resolve(ok({ status: response.statusCode ?? 0, headers: readHeaders(response), body, truncated }));
    };
    const cutOff = (): void =>
      resolve(fail({ kind: 'connection', detail: 'The connection ended before the answer was complete.' }));
    response.on('data', (chunk: Buffer) => {
      chunks.push(chunk);
      length += chunk.length;
      if (length > limit) finish(true);
    });
    response.once('end', () => finish(false));
    response.once('error', cutOff);
    response.once('close', cutOff);
  });
}

/** Fields with one value; those that Node keeps as lists say nothing to a validator. */
function readHeaders(response: IncomingMessage): Readonly<Record<string, string>> {
  const headers: Record<string, string> = Object.create(null);
  for (const [name, value] of Object.entries(response.headers)) {
    if (typeof value === 'string') headers[name] = value;
  }
  return headers;
}

/** A sentence's end about what went wrong; the codes that people know are kept. */
function describe(error: NodeJS.ErrnoException, phase: 'connecting' | 'securing' | 'connected'): string {
  if (phase === 'securing') return 'could not be reached by TLS: the handshake failed';
  if (error.code === 'ECONNREFUSED') return 'refused the connection';
  if (phase === 'connecting') return `could not be reached (${error.code ?? 'no reason given'})`;
  if (error.code?.startsWith('HPE_') === true) return 'did not answer with valid HTTP';
  return `broke the connection off (${error.code ?? 'no reason given'})`;
}
