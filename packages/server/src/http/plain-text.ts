/** Answers for endpoints and paths that belong to no protocol: one plain sentence. */
import type { HttpResponse } from '@tegata/core/http/message';
import type { EdgeFault } from '../ports/endpoint.ts';

/** One sentence as text. `headers` are names and values in turn. */
export function plainText(status: number, sentence: string, headers: readonly string[] = []): HttpResponse {
  return {
    status,
    headers: ['Content-Type', 'text/plain; charset=utf-8', 'Cache-Control', 'no-store', ...headers],
    body: `${sentence}\n`,
  };
}

/** A fault at the edge in plain text. */
export function refusePlainly(fault: EdgeFault): HttpResponse {
  switch (fault.kind) {
    case 'method_not_allowed':
      return plainText(405, `This address answers ${fault.allowed.join(' and ')} only.`, [
        'Allow',
        fault.allowed.join(', '),
      ]);
    case 'unsupported_media_type':
    case 'body_too_large':
      return plainText(413, 'This address takes no content.');
    case 'body_unreadable':
      return plainText(400, 'The request ended before its content was complete.');
    case 'unavailable':
      return plainText(503, 'The server cannot answer now. Try again in a moment.', ['Retry-After', '10']);
    case 'defect':
      return plainText(500, 'Something went wrong here. It has been logged.');
  }
}
