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
  /** Ports of an earlier start on the same folder, so that all addresses stay what they were; free ones otherwise. */
  readonly ports?: ServerPorts;
  /** Program with arguments that runs the server in surroundings of its own, such as `unshare --mount`. */
  readonly prefix?: readonly string[];
}

export interface ServerPorts {
  readonly port: number;
  readonly plainPort: number;
  readonly metricsPort: number;
}

export interface CommandOutcome {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface TestServer extends ServerPorts {
  readonly issuer: string;
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
  const ports = options.ports ?? (await freePorts());
  const { port } = ports;
  const configPath = writeConfig(folder, ports, options.config);
  const data = join(folder, 'data');
  const child = spawnTegata(['serve', '--config', configPath], options);
  let output = '';
  child.stdout.on('data', (chunk) => {
    output += chunk;
  });
  child.stderr.on('data', (chunk) => {
    output += chunk;
  });
  await untilReady(child, port, () => output);
  const rootPath = join(data, 'root.pem');
  const root = await readRoot(rootPath, child);
  const cleanUp = (): void => {
    if (options.data === undefined) rmSync(folder, { recursive: true, force: true });
  };
  return {
    issuer: `https://localhost:${port}`,
    ...ports,
    data,
    configPath,
    root,
    rootPath,
    pid: child.pid as number,
    output: () => output,
    tegata: (...args) => runTegata([...args, '--config', configPath], options),
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

/** Writes the configuration of a server that keeps its data in `<folder>/data`; its path. */
export function writeConfig(folder: string, ports: ServerPorts, config: ServerOptions['config'] = {}): string {
  const path = join(folder, 'tegata.yaml');
  const whole = {
    listen: `localhost:${ports.port}`,
    data: join(folder, 'data'),
    http: { listen: `localhost:${ports.plainPort}` },
    metrics: { listen: `localhost:${ports.metricsPort}` },
    ...config,
  };
  writeFileSync(path, JSON.stringify(whole), { mode: 0o600 });
  return path;
}

export async function freePorts(): Promise<ServerPorts> {
  return { port: await freePort(), plainPort: await freePort(), metricsPort: await freePort() };
}

type Surroundings = Pick<ServerOptions, 'env' | 'prefix'>;

/** Runs `tegata <args>` to its end. */
export async function runTegata(args: readonly string[], options: Surroundings = {}): Promise<CommandOutcome> {
  return collect(spawnTegata(args, options));
}

function spawnTegata(args: readonly string[], { env, prefix = [] }: Surroundings) {
  const [program, ...words] = [...prefix, process.execPath, main, ...args];
  return spawn(program as string, words, { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, ...env } });
}

/** A server whose root is missing is not left running: its tests would wait for it for ever. */
async function readRoot(path: string, child: ChildProcess): Promise<string> {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    await end(child, 'SIGKILL');
    throw error;
  }
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
