/** Tegata as a certificate subject: started as an operator starts it, every challenge taken for met. */
import { startServer } from '../../test/support/server.ts';
import type { CertificateSubject } from './pebble.ts';

export async function startCertificateSubject(): Promise<CertificateSubject> {
  const server = await startServer({
    config: { acme: { validation: { alwaysValid: true } }, log: { level: 'error', format: 'json' } },
  });
  return {
    name: 'Tegata (durable)',
    pid: server.pid,
    target: { host: 'localhost', port: server.port, ca: server.root },
    directoryPath: '/acme/directory',
    stop: async () => {
      await server.stop();
    },
  };
}
