/** An installation that outlives its servers: started, killed and started again on the same folder and at the same addresses. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type CommandOutcome,
  freePorts,
  runTegata,
  type ServerOptions,
  type ServerPorts,
  startServer,
  type TestServer,
  writeConfig,
} from '../../support/server.ts';

type StartOptions = Omit<ServerOptions, 'data' | 'ports'>;

export interface Installation {
  readonly folder: string;
  readonly data: string;
  readonly database: string;
  readonly ports: ServerPorts;
  readonly issuer: string;
  /** Starts the server; `config` is added to that of the installation. */
  start(options?: StartOptions): Promise<TestServer>;
  /** Runs `tegata <args>`, whether or not a server runs. */
  tegata(args: readonly string[], options?: StartOptions): Promise<CommandOutcome>;
  remove(): void;
}

/** An empty folder with free ports. */
export async function createInstallation(config: ServerOptions['config'] = {}): Promise<Installation> {
  const folder = mkdtempSync(join(tmpdir(), 'tegata-e2e-'));
  const ports = await freePorts();
  const data = join(folder, 'data');
  return {
    folder,
    data,
    database: join(data, 'tegata.db'),
    ports,
    issuer: `https://localhost:${ports.port}`,
    start: (options = {}) => startServer({ ...options, config: { ...config, ...options.config }, data: folder, ports }),
    tegata: (args, options = {}) => {
      const path = writeConfig(folder, ports, { ...config, ...options.config });
      return runTegata([...args, '--config', path], options);
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
