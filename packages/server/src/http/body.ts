/** Reads a request body under a hard limit, and refuses what the endpoint did not ask for. */
import type { IncomingMessage } from 'node:http';
import { fail, ok, type Result } from '@tegata/core/result';
import type { BodyRule, EdgeFault } from '../ports/endpoint.ts';

const nothing = new Uint8Array(0);

/** What is wrong with the body as announced, before any of it is read; `undefined` when it may be read. */
export function checkAnnouncedBody(request: IncomingMessage, rule: BodyRule): EdgeFault | undefined {
  const { headers } = request;
  if (!hasBody(request)) return undefined;
  const encoding = headers['content-encoding'];
  if (encoding !== undefined && encoding.toLowerCase() !== 'identity') {
    return { kind: 'unsupported_media_type', expected: rule.mediaType ?? 'no content coding' };
  }
  if (rule.mediaType !== undefined && mediaTypeOf(headers['content-type']) !== rule.mediaType) {
    return { kind: 'unsupported_media_type', expected: rule.mediaType };
  }
  const length = Number(headers['content-length'] ?? 0);
  return length > rule.limit ? { kind: 'body_too_large', limit: rule.limit } : undefined;
}

/** Whether the request announces a body (RFC 9112 section 6). */
export function hasBody(request: IncomingMessage): boolean {
  const length = request.headers['content-length'];
  return request.headers['transfer-encoding'] !== undefined || (length !== undefined && length !== '0');
}

/** The whole body, or the fault that ended the reading: too large, or cut off by the client. */
export function readBody(request: IncomingMessage, limit: number): Promise<Result<Uint8Array, EdgeFault>> {
  return new Promise((resolve) => {
    let first: Buffer | undefined;
    let more: Buffer[] | undefined;
    let length = 0;
    const finish = (result: Result<Uint8Array, EdgeFault>): void => {
      request.removeAllListeners('data');
      resolve(result);
    };
    request.on('data', (chunk: Buffer) => {
      length += chunk.length;
      if (length > limit) {
        request.resume();
        finish(fail({ kind: 'body_too_large', limit }));
      } else if (first === undefined) first = chunk;
      else {
        more ??= [first];
        more.push(chunk);
      }
    });
    request.once('end', () => finish(ok(more === undefined ? (first ?? nothing) : Buffer.concat(more, length))));
    request.once('error', () => finish(fail({ kind: 'body_unreadable' })));
    request.once('close', () => finish(fail({ kind: 'body_unreadable' })));
  });
}

function mediaTypeOf(contentType: string | undefined): string {
  if (contentType === undefined) return '';
  const end = contentType.indexOf(';');
  return (end < 0 ? contentType : contentType.slice(0, end)).trim().toLowerCase();
}
