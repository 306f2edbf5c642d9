/**
 * JSON answers of the OAuth endpoints.
 * @spec RFC 6749 §5.1
 */
import type { HttpResponse } from '@tegata/core/http/message';

/** Headers of every answer that concerns one client or token: never kept by anybody. */
export const jsonHeaders: readonly string[] = [
  'Content-Type',
  'application/json',
  'Cache-Control',
  'no-store',
  'Pragma',
  'no-cache',
];

const publicHeaders: readonly string[] = ['Content-Type', 'application/json', 'Cache-Control', 'public, max-age=300'];

/** An answer for its requester alone. */
export function renderJson(status: number, value: object): HttpResponse {
  return { status, headers: jsonHeaders, body: JSON.stringify(value) };
}

/** An answer that is the same for everybody and may be kept for five minutes. */
export function renderPublicJson(body: string): HttpResponse {
  return { status: 200, headers: publicHeaders, body };
}
