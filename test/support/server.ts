/** The real server as a child process: started the way an operator starts it, stopped the same way. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { freePort } from './free-port.ts';

const main = fileURLToPath(new URL('../../packages/server/src/cli/main.ts', import.meta.url));
const readyWithin = 20_000;

export interface ServerOptions {
  /** Settings as in the configuration file; listen addresses on free ports are added. */
  readonly config?: Readonly<Record<string, unknown>>;
  readonly env?: Readonly<Record<string, string>>;
  /** An existing folder to use and to leave in place; a temporary one otherwise. */
  readonly data?: string;
}

export interface CommandOutcome {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface TestServer {
  readonly issuer: string;
  readonly port: number;
  readonly plainPort: number;
  readonly metricsPort: number;
  readonly data: string;
  readonly configPath: string;
  /** PEM of the root that its certificates chain to. */
  readonly root: string;
  readonly rootPath: string;
  readonly pid: number;
  /** Everything printed so far. */
  readonly output: () => string;
  /** Runs `tegata <args>` with this server's configuration. */
  readonly tegata: (...args: string[]) => Promise<CommandOutcome>;
  /** Ends it with SIGTERM and resolves with its exit code. */
  readonly stop: () => Promise<number | null>;
  /** Ends it at once, as a power cut would. */
  readonly kill: () => Promise<void>;
}

/** Starts the server and resolves when `/readyz` says so; rejects with its output when it ends first. */
export async function startServer(options: ServerOptions = {}): Promise<TestServer> {
  const folder = options.data ?? mkdtempSync(join(tmpdir(), 'tegata-test-'));
  const [port, plainPort, metricsPort] = [await freePort(), await freePort(), await freePort()];
  const configPath = join(folder, 'tegata.yaml');
  const config = {
    listen: `localhost:${port}`,
    data: join(folder, 'data'),
    http: { listen: `localhost:${plainPort}` },
    metrics: { listen: `localhost:${metricsPort}` },
    ...options.config,
  };
  writeFileSync(configPath, JSON.stringify(config), { mode: 0o600 });
  const run = (args: readonly string[]) =>
    spawn(process.execPath, [main, ...args, '--config', configPath], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, ...options.env },
    });
  const child = run(['serve']);
  let output = '';
  child.stdout.on('data', (chunk) => {
    output += chunk;
  });
  child.stderr.on('data', (chunk) => {
    output += chunk;
  });
  await untilReady(child, port, () => output);
  const rootPath = join(config.data, 'root.pem');
  const cleanUp = (): void => {
    if (options.data === undefined) rmSync(folder, { recursive: true, force: true });
  };
  return {
    issuer: `https://localhost:${port}`,
    port,
    plainPort,
    metricsPort,
    data: config.data,
    configPath,
    root: readFileSync(rootPath, 'utf8'),
    rootPath,
    pid: child.pid as number,
    output: () => output,
    tegata: (...args) => collect(run(args)),
    stop: async () => {
      const code = await end(child, 'SIGTERM');
      cleanUp();
      return code;
    },
    kill: async () => {
      await end(child, 'SIGKILL');
    },
  };
}

async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<number | null> {
  if (child.exitCode === null && child.signalCode === null) {
    child.kill(signal);
    await once(child, 'exit');
  }
  return child.exitCode;
}

async function collect(child: ReturnType<typeof spawn>): Promise<CommandOutcome> {
  let stdout = '';
  let stderr = '';
  child.stdout?.on('data', (chunk) => {
    stdout += chunk;
  });
  child.stderr?.on('data', (chunk) => {
    stderr += chunk;
  });
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, stdout, stderr };
}

async function untilReady(child: ChildProcess, port: number, output: () => string): Promise<void> {
  for (const deadline = Date.now() + readyWithin; Date.now() < deadline; ) {
    if (child.exitCode !== null) throw new Error(`the server ended with code ${child.exitCode}:\n${output()}`);
    if (await answersReady(port)) return;
    await new Promise((resolve) => setTimeout(resolve, 30));
  }
  child.kill('SIGKILL');
  throw new Error(`the server was not ready after ${readyWithin} ms:\n${output()}`);
}

/** Does not look at the certificate: this only asks whether the server is up. */
function answersReady(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = request({ host: 'localhost', port, path: '/readyz', rejectUnauthorized: false }, (response) => {
      response.resume();
      resolve(response.statusCode === 200);
    });
    probe.on('error', () => resolve(false));
    probe.end();
  });
}
