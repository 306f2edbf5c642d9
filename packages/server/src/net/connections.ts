/** Which connections of a server are in the middle of something, so that a server that stops lets exactly those finish. */
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

export interface Connections {
  /** Closes those that are idle now, and every other one as soon as its last answer has been handed to the system. */
  drain(): void;
}

/**
 * Follows the connections of a server that does not listen yet. Node's `closeIdleConnections` does not serve here: it takes a
 * connection for idle while an answer is still being sent, and while a request waits behind an answer that was just given.
 */
export function followConnections(server: Server, protocol: 'http' | 'https'): Connections {
  /** Requests on each that are not answered to the last byte. */
  const unanswered = new Map<Socket, number>();
  const handshakes = new Map<string, Socket>();
  let draining = false;

  const onOpen = (socket: Socket): void => {
    handshakes.delete(nameOf(socket));
    unanswered.set(socket, 0);
    socket.once('close', () => unanswered.delete(socket));
    if (draining) socket.destroySoon();
  };
  const onHandshake = (socket: Socket): void => {
    const name = nameOf(socket);
    handshakes.set(name, socket);
    socket.once('close', () => handshakes.delete(name));
  };
  server.on(protocol === 'http' ? 'connection' : 'secureConnection', onOpen);
  if (protocol === 'https') server.on('connection', onHandshake);
  server.on('request', ({ socket }: IncomingMessage, response: ServerResponse) => {
    unanswered.set(socket, (unanswered.get(socket) ?? 0) + 1);
    response.once('close', () => {
      const left = (unanswered.get(socket) ?? 1) - 1;
      if (socket.destroyed) return;
      unanswered.set(socket, left);
      if (draining && left === 0) socket.destroySoon();
    });
  });

  return {
    drain() {
      draining = true;
      for (const socket of handshakes.values()) socket.destroy();
      for (const [socket, count] of unanswered) if (count === 0) socket.destroySoon();
    },
  };
}

/** The other end, which tells connections of one listener apart. */
function nameOf({ remoteAddress, remotePort }: Socket): string {
  return `${remoteAddress} ${remotePort}`;
}
