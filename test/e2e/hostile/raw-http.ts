/** HTTP/1.1 written byte by byte, so that what no client library would send can be sent as well. */
import { connect as connectPlain, type Socket } from 'node:net';
import { connect as connectSecurely } from 'node:tls';

export interface RawRequest {
  readonly method: string;
  /** Everything between method and version; one byte per character. */
  readonly target: string;
  /** Names and values as they go on the wire; one byte per character. `Host` is added unless given. */
  readonly headers?: readonly (readonly [name: string, value: string])[];
  readonly body?: string | Uint8Array;
  /**
   * How the body is announced: by its length (the default), as chunks, not at all, or as longer than it is, after which the
   * connection is closed (`cut`) or a number of bytes, of which only the body follows.
   */
  readonly framing?: 'length' | 'chunked' | 'none' | 'cut' | number;
  /** Whether nothing more is sent afterwards; `cut` implies it. */
  readonly end?: boolean;
}

export interface RawAnswer {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly text: string;
  header(name: string): string | undefined;
}

/** Where to send requests, one after the other. */
export interface RawClient {
  /** The answer; `closed` when the server closed the connection without one. Rejects when neither comes in time. */
  send(request: RawRequest): Promise<RawAnswer | 'closed'>;
  close(): void;
}

/** Long enough for a busy machine, short enough to call it a hang. */
const patience = 10_000;
const chunkSize = 8_192;

/** @param root certificate that the server's has to chain to; without it plain HTTP is spoken */
export function createRawClient(port: number, root?: string): RawClient {
  let kept: Socket | undefined;
  const open = (): Promise<Socket> =>
    new Promise((resolve, reject) => {
      const host = 'localhost';
      const socket: Socket =
        root === undefined
          ? connectPlain({ port, host }, () => resolve(socket))
          : connectSecurely({ port, host, servername: host, ca: root }, () => resolve(socket));
      socket.once('error', reject);
    });
  return {
    async send(request) {
      const socket = kept === undefined || kept.destroyed ? await open() : kept;
      kept = undefined;
      const answer = await exchange(socket, request, `localhost:${port}`);
      const reusable = answer !== 'closed' && answer.header('connection') !== 'close' && request.framing === undefined;
      if (reusable) kept = socket;
      else socket.destroy();
      return answer;
    },
    close: () => kept?.destroy(),
  };
}

function exchange(socket: Socket, request: RawRequest, host: string): Promise<RawAnswer | 'closed'> {
  return new Promise((resolve, reject) => {
    let received = Buffer.alloc(0);
    const settle = (finish: () => void): void => {
      clearTimeout(late);
      socket.removeAllListeners();
      // What the server still says after its answer, and the reset that follows, concern nobody.
      socket.on('error', () => {});
      finish();
    };
    const late = setTimeout(() => settle(() => reject(new Error(`no answer within ${patience} ms`))), patience);
    const end = (): void =>
      settle(() => {
        const answer = parseAnswer(received, request.method, true);
        if (answer === undefined && received.length > 0) reject(new Error(`half an answer: ${received}`));
        else resolve(answer ?? 'closed');
      });
    socket.on('data', (chunk: Buffer) => {
      received = Buffer.concat([received, chunk]);
      const answer = parseAnswer(received, request.method, false);
      if (answer !== undefined) settle(() => resolve(answer));
    });
    socket.on('end', end);
    socket.on('close', end);
    socket.on('error', end);
    write(socket, request, host);
  });
}

function write(socket: Socket, request: RawRequest, host: string): void {
  const { method, target, headers = [], framing = 'length' } = request;
  const body = Buffer.from(request.body ?? '');
  const hasHost = headers.some(([name]) => name.toLowerCase() === 'host');
  const announced = request.body === undefined && framing === 'length' ? [] : announce(framing, body.length);
  const fields = [...(hasHost ? [] : [['Host', host] as const]), ...announced, ...headers];
  const head = `${method} ${target} HTTP/1.1\r\n${fields.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n`;
  const content = framing === 'chunked' ? inChunks(body) : body;
  socket.write(Buffer.concat([Buffer.from(head, 'latin1'), content]));
  if (framing === 'cut' || request.end === true) socket.end();
}

function announce(framing: RawRequest['framing'], length: number): readonly (readonly [string, string])[] {
  if (framing === 'none') return [];
  if (framing === 'chunked') return [['Transfer-Encoding', 'chunked']];
  if (framing === 'cut') return [['Content-Length', String(length + 100)]];
  return [['Content-Length', String(typeof framing === 'number' ? framing : length)]];
}

function inChunks(body: Buffer): Buffer {
  const parts: Buffer[] = [];
  for (let at = 0; at < body.length; at += chunkSize) {
    const chunk = body.subarray(at, at + chunkSize);
    parts.push(Buffer.from(`${chunk.length.toString(16)}\r\n`), chunk, Buffer.from('\r\n'));
  }
  return Buffer.concat([...parts, Buffer.from('0\r\n\r\n')]);
}

/** The answer, once all of it is there. Every answer of ours announces its length, or ends with the connection. */
function parseAnswer(bytes: Buffer, method: string, ended: boolean): RawAnswer | undefined {
  const end = bytes.indexOf('\r\n\r\n');
  if (end < 0) return undefined;
  const [statusLine = '', ...lines] = bytes.toString('latin1', 0, end).split('\r\n');
  const headers = lines.map((line): [string, string] => {
    const colon = line.indexOf(':');
    return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
  });
  const header = (name: string) => headers.find(([candidate]) => candidate === name)?.[1];
  const status = Number(/^HTTP\/1\.1 (\d{3}) /.exec(statusLine)?.[1]);
  const without = method === 'HEAD' || status === 204 || status === 304;
  const length = without ? 0 : Number(header('content-length') ?? (ended ? bytes.length - end - 4 : Infinity));
  if (bytes.length < end + 4 + length) return undefined;
  return { status, headers, text: bytes.toString('utf8', end + 4, end + 4 + length), header };
}
