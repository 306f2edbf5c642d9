/** The peer for certificates: Debian's pebble, without its deliberate delays and faults. */
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { openConnection, type Target } from '../lib/connection.ts';

export interface CertificateSubject {
  readonly name: string;
  readonly pid: number;
  readonly target: Target;
  readonly directoryPath: string;
  stop(): Promise<void>;
}

/** Starts pebble on a free port, its validation always succeeding at once and its authorizations never reused. */
export async function startPebble(program: string, folder: string): Promise<CertificateSubject> {
  const certificate = join(folder, 'pebble-cert.pem');
  const privateKey = join(folder, 'pebble-key.pem');
  const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1', '-days', '2'];
  const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  execFileSync('openssl', ['req', '-x509', ...curve, '-keyout', privateKey, '-out', certificate, ...subject], {
    stdio: 'ignore',
  });
  const [port, managementPort] = [await freePort(), await freePort()];
  const config = join(folder, 'pebble.json');
  const pebble = {
    listenAddress: `127.0.0.1:${port}`,
    managementListenAddress: `127.0.0.1:${managementPort}`,
    certificate,
    privateKey,
    httpPort: 5002,
    tlsPort: 5001,
    ocspResponderURL: '',
    externalAccountBindingRequired: false,
  };
  writeFileSync(config, JSON.stringify({ pebble }));
  const child = spawn(program, ['-config', config], {
    stdio: 'ignore',
    env: {
      ...process.env,
      PEBBLE_VA_ALWAYS_VALID: '1',
      PEBBLE_VA_NOSLEEP: '1',
      PEBBLE_WFE_NONCEREJECT: '0',
      PEBBLE_AUTHZREUSE: '0',
    },
  });
  const target: Target = { host: 'localhost', port, ca: readFileSync(certificate, 'utf8') };
  await untilReachable(target);
  return {
    name: 'pebble',
    pid: child.pid as number,
    target,
    directoryPath: '/dir',
    stop: async () => {
      child.kill('SIGKILL');
      if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
    },
  };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, 'close');
  return port;
}

async function untilReachable(target: Target): Promise<void> {
  for (let attempt = 0; ; attempt++) {
    try {
      (await openConnection(target)).close();
      return;
    } catch (error) {
      if (attempt === 100) throw error;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}
