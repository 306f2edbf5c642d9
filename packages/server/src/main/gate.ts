/** A handler that can be listened with before it is known what will answer: ports must be open before addresses are known. */
import type { RequestListener } from 'node:http';

export interface Gate {
  readonly handler: RequestListener;
  /** From now on requests go there. */
  open(handler: RequestListener): void;
}

/** Until it is opened the gate answers 503 and asks to come back in a second. */
export function createGate(): Gate {
  let inner: RequestListener = (_request, response) => {
    response.writeHead(503, { 'Retry-After': '1', 'Content-Type': 'text/plain; charset=utf-8', Connection: 'close' });
    response.end('The server is starting.\n');
  };
  return {
    handler: (request, response) => inner(request, response),
    open: (handler) => {
      inner = handler;
    },
  };
}
