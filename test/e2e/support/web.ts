/** HTTPS as a client speaks it, with the difference between no answer and half an answer kept visible. */
import { Agent, type RequestOptions, request } from 'node:https';
import { type JsonObject, parseJsonObject } from '@tegata/core/codec/json';

export interface WebAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Buffer;
  readonly text: string;
  /** Empty when the body is no JSON object. */
  readonly json: JsonObject;
}

export interface WebRequest {
  readonly headers?: Readonly<Record<string, string>>;
  readonly form?: Readonly<Record<string, string>>;
  readonly body?: string;
}

export interface Web {
  /** @param target path, or URL of which only path and query count: what a server says about its port may be another one's */
  call(method: string, target: string, message?: WebRequest): Promise<WebAnswer>;
  close(): void;
}

/** The connection broke after the answer had begun: never acceptable. */
export class HalfAnswer extends Error {
  override readonly name = 'HalfAnswer';
}

/** Connects to `localhost:<port>`, where the certificate has to chain to `root`. */
export function createWeb(port: number, root: string): Web {
  const agent = new Agent({ ca: root, keepAlive: true, maxSockets: 16 });
  return {
    call(method, target, { headers = {}, form, body } = {}) {
      const { pathname, search } = new URL(target, 'https://localhost');
      const content = form === undefined ? body : new URLSearchParams(form).toString();
      const type = form === undefined ? {} : { 'Content-Type': 'application/x-www-form-urlencoded' };
      const length = content === undefined ? {} : { 'Content-Length': String(Buffer.byteLength(content)) };
      const path = pathname + search;
      return send(
        { agent, host: 'localhost', port, method, path, headers: { ...type, ...length, ...headers } },
        content,
      );
    },
    close: () => agent.destroy(),
  };
}

function send(options: RequestOptions, content: string | undefined): Promise<WebAnswer> {
  return new Promise((resolve, reject) => {
    const sent = request(options, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', () =>
        reject(new HalfAnswer(`${options.path}: status ${response.statusCode} and then nothing`)),
      );
      response.on('end', () => {
        if (!response.complete) return;
        const body = Buffer.concat(chunks);
        const parsed = parseJsonObject(body);
        resolve({
          status: response.statusCode as number,
          headers: response.headers,
          body,
          text: body.toString('utf8'),
          json: parsed.ok ? parsed.value : {},
        });
      });
    });
    sent.on('error', reject);
    sent.end(content);
  });
}
