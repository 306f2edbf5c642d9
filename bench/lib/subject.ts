/** A server under measurement: a child process that says where it listens and mints credentials when asked. */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Target } from './connection.ts';

/** What a token subject hands out before a round, without going through its HTTP front. */
export type MintKind = 'code' | 'refresh' | 'opaque';

/** First message of a token subject. */
export interface TokenSubjectReady {
  readonly port: number;
  readonly issuer: string;
  readonly tokenPath: string;
  readonly introspectionPath: string;
}

export interface MintRequest {
  readonly kind: MintKind;
  readonly count: number;
}

export interface TokenSubject {
  readonly name: string;
  readonly pid: number;
  readonly target: Target;
  readonly ready: TokenSubjectReady;
  mint(kind: MintKind, count: number): Promise<readonly string[]>;
  stop(): Promise<void>;
}

/** Clients that every token subject registers; the secret and the key are for loopback measurements only. */
export const benchClients = {
  machine: { id: 'bench-machine', secret: 'bench-machine-secret-0123456789abcdef0123456789' },
  web: {
    id: 'bench-web',
    secret: 'bench-web-secret-0123456789abcdef0123456789ab',
    redirectUri: 'https://app.example/callback',
  },
  assertion: { id: 'bench-assertion' },
} as const;

/** PKCE pair of RFC 7636 appendix B. */
export const pkce = {
  verifier: 'dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk',
  challenge: 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM',
} as const;

/** Starts `bench/subjects/<file>` with arguments and waits until it listens. */
export async function startTokenSubject(name: string, file: string, args: readonly string[]): Promise<TokenSubject> {
  const path = fileURLToPath(new URL(`../subjects/${file}`, import.meta.url));
  const child = fork(path, args, {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    env: { ...process.env, NODE_ENV: 'production' },
  });
  const ready = (await nextMessage(child)) as TokenSubjectReady;
  return {
    name,
    pid: child.pid as number,
    target: { host: '127.0.0.1', port: ready.port },
    ready,
    mint: async (kind, count) => {
      child.send({ kind, count } satisfies MintRequest);
      return (await nextMessage(child)) as readonly string[];
    },
    stop: async () => {
      if (child.exitCode !== null) return;
      child.kill('SIGTERM');
      await once(child, 'exit');
    },
  };
}

async function nextMessage(child: ChildProcess): Promise<unknown> {
  const settled = new AbortController();
  const { signal } = settled;
  const message = once(child, 'message', { signal }).then(([value]) => value);
  const ended = once(child, 'exit', { signal }).then(([code]) => {
    throw new Error(`a subject ended with code ${code} before it answered`);
  });
  try {
    return await Promise.race([message, ended]);
  } finally {
    // The loser of the race would listen for ever; its rejection is nobody's business any more.
    message.catch(() => undefined);
    ended.catch(() => undefined);
    settled.abort();
  }
}
