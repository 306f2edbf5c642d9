/**
 * The answer to bytes that are no HTTP request, or that did not become one in time: no endpoint ever hears of them.
 * @spec RFC 9112 §2.2
 * @spec RFC 6585 §5
 */
import type { Duplex } from 'node:stream';

interface Refusal {
  readonly status: string;
  readonly sentence: string;
}

const malformed: Refusal = { status: '400 Bad Request', sentence: 'The request is not well-formed HTTP/1.1.' };

/** By the code of the parser's error. */
const refusals: Readonly<Record<string, Refusal>> = {
  HPE_HEADER_OVERFLOW: {
    status: '431 Request Header Fields Too Large',
    sentence: 'The address and the header fields of the request are longer than 16 kilobytes together.',
  },
  HPE_CHUNK_EXTENSIONS_OVERFLOW: {
    status: '413 Content Too Large',
    sentence: 'The chunk extensions of the request are too long.',
  },
  HPE_INVALID_EOF_STATE: {
    status: '400 Bad Request',
    sentence: 'The request ended before its content was complete.',
  },
  ERR_HTTP_REQUEST_TIMEOUT: {
    status: '408 Request Timeout',
    sentence: 'The request took too long to arrive.',
  },
};

/** Answers where something that looked like HTTP was received, and closes the connection in any case. */
export function refuseUnreadable(error: NodeJS.ErrnoException, socket: Duplex): void {
  const code = error.code ?? '';
  const refusal = refusals[code] ?? (code.startsWith('HPE_') ? malformed : undefined);
  if (refusal === undefined || !socket.writable) {
    socket.destroy();
    return;
  }
  socket.end(render(refusal), () => socket.destroy());
}

function render({ status, sentence }: Refusal): string {
  const body = `${sentence}\n`;
  const fields = [
    'Content-Type: text/plain; charset=utf-8',
    'Cache-Control: no-store',
    'X-Content-Type-Options: nosniff',
    `Content-Length: ${body.length}`,
    'Connection: close',
  ];
  return `HTTP/1.1 ${status}\r\n${fields.join('\r\n')}\r\n\r\n${body}`;
}
