/** A keep-alive HTTP/1.1 client connection stripped to what a load generator needs, so that the client is never the bottleneck. */
import { once } from 'node:events';
import { connect as connectTcp, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';

export interface Answer {
  readonly status: number;
  /** Header section as received. */
  readonly head: string;
  readonly body: string;
}

export interface Target {
  readonly host: string;
  readonly port: number;
  /** PEM of the root to trust; plain HTTP without it. */
  readonly ca?: string;
}

export interface Connection {
  /** Sends one request and resolves with its answer; one at a time. */
  exchange(request: string): Promise<Answer>;
  close(): void;
}

/** The value of a header of an answer; names are matched in any case. */
export function headerOf(answer: Answer, name: string): string | undefined {
  const match = new RegExp(`^${name}: *(.*)$`, 'im').exec(answer.head);
  return match?.[1]?.trim();
}

/** Builds a request; `Content-Length` is added when there is a body. */
export function formatRequest(
  method: string,
  path: string,
  headers: Readonly<Record<string, string>>,
  body = '',
): string {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  const length = method === 'GET' || method === 'HEAD' ? '' : `Content-Length: ${Buffer.byteLength(body)}\r\n`;
  return `${method} ${path} HTTP/1.1\r\n${lines.join('')}${length}\r\n${body}`;
}

export async function openConnection(target: Target): Promise<Connection> {
  const { host, port, ca } = target;
  const socket: Socket =
    ca === undefined ? connectTcp({ host, port }) : connectTls({ host, port, ca, servername: host });
  await once(socket, ca === undefined ? 'connect' : 'secureConnect');
  socket.setNoDelay(true);
  return new KeepAliveConnection(socket);
}

/** A server that says nothing for so long is taken for dead: milliseconds. */
const longestAnswer = 4_000;

class KeepAliveConnection implements Connection {
  readonly #socket: Socket;
  #received = '';
  #isHead = false;
  #waiting: { resolve: (answer: Answer) => void; reject: (error: Error) => void } | undefined;

  constructor(socket: Socket) {
    this.#socket = socket;
    socket.setEncoding('latin1');
    socket.on('data', (chunk: string) => this.#take(chunk));
    socket.on('timeout', () => this.#waiting?.reject(new Error(`no answer within ${longestAnswer} ms`)));
    socket.on('error', (error) => this.#waiting?.reject(error));
    socket.on('close', () => this.#waiting?.reject(new Error('connection closed by the server')));
  }

  exchange(request: string): Promise<Answer> {
    return new Promise((resolve, reject) => {
      this.#waiting = { resolve, reject };
      this.#socket.setTimeout(longestAnswer);
      this.#isHead = request.startsWith('HEAD ');
      this.#socket.write(request);
    });
  }

  close(): void {
    this.#waiting = undefined;
    this.#socket.destroy();
  }

  #take(chunk: string): void {
    this.#received = this.#received === '' ? chunk : this.#received + chunk;
    const answer = parseAnswer(this.#received, this.#isHead);
    if (answer === undefined) return;
    this.#received = '';
    const waiting = this.#waiting;
    this.#waiting = undefined;
    waiting?.resolve(answer);
  }
}

function parseAnswer(text: string, isHead: boolean): Answer | undefined {
  const end = text.indexOf('\r\n\r\n');
  if (end < 0) return undefined;
  const head = text.slice(0, end);
  const status = Number(head.slice(9, 12));
  if (isHead || status === 204 || status === 304) return { status, head, body: '' };
  const length = /^content-length: *(\d+)/im.exec(head)?.[1];
  if (length !== undefined) {
    const whole = end + 4 + Number(length);
    return text.length < whole ? undefined : { status, head, body: text.slice(end + 4, whole) };
  }
  const body = joinChunks(text, end + 4);
  return body === undefined ? undefined : { status, head, body };
}

function joinChunks(text: string, start: number): string | undefined {
  let body = '';
  for (let at = start; ; ) {
    const lineEnd = text.indexOf('\r\n', at);
    if (lineEnd < 0) return undefined;
    const size = Number.parseInt(text.slice(at, lineEnd), 16);
    const next = lineEnd + 2 + size + 2;
    if (Number.isNaN(size) || text.length < next) return undefined;
    if (size === 0) return body;
    body += text.slice(lineEnd + 2, lineEnd + 2 + size);
    at = next;
  }
}
