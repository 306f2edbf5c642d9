/** The sockets of a server: bound first, because addresses depend on ports; answering later, when everything is composed. */
import { fail, ok, type Result } from '@tegata/core/result';
import type { HostPort } from '../config/values.ts';
import type { Edge } from '../http/edge.ts';
import { type Listener, listen, type TlsCredentials } from '../net/listener.ts';
import { createGate } from './gate.ts';
import type { StartupFault } from './startup-fault.ts';

export interface BoundListener {
  readonly host: string;
  readonly port: number;
  /** Begins to answer. */
  serve(edge: Edge): void;
  /** The certificate for new connections; an HTTPS listener refuses them all before it has one. */
  reload(credentials: TlsCredentials): void;
  /** Stops accepting, lets requests finish, and closes what is left after some seconds. */
  close(): Promise<void>;
}

const drainMilliseconds = 8_000;

/** Binds one address; until `serve` is called every request is answered with 503. */
export async function bind(
  address: HostPort,
  protocol: 'http' | 'https',
): Promise<Result<BoundListener, StartupFault>> {
  const gate = createGate();
  const listening = await listen(address, gate.handler, protocol);
  if (!listening.ok) return fail({ code: 'listen', detail: listening.error.detail });
  return ok(toBound(listening.value, gate.open));
}

function toBound(listener: Listener, open: (handler: Edge['handler']) => void): BoundListener {
  let serving: Edge | undefined;
  return {
    host: listener.host,
    port: listener.port,
    serve: (edge) => {
      serving = edge;
      open(edge.handler);
    },
    reload: listener.reload,
    close: () => {
      serving?.drain();
      return listener.close(drainMilliseconds);
    },
  };
}
