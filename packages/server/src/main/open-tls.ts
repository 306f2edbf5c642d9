/** The certificate of the HTTPS listener, wherever it comes from, with the work that keeps it current. */
import { hostname } from 'node:os';
import { fail, ok, type Result } from '@tegata/core/result';
import type { Clock } from '@tegata/core/time/clock';
import { hour, minute } from '@tegata/core/time/duration';
import { type Config, issuerFor } from '../config/config.ts';
import { openOwnCertificate } from '../keys/own-certificate.ts';
import { ownNames } from '../keys/own-names.ts';
import type { TlsCredentials } from '../net/listener.ts';
import { readTlsFiles } from '../net/tls-files.ts';
import type { Authority } from './open-authority.ts';
import type { Instance } from './open-instance.ts';
import type { Chore } from './periodic.ts';
import type { StartupFault } from './startup-fault.ts';

export interface OpenTls {
  readonly credentials: TlsCredentials;
  readonly chore: Chore;
}

/** @returns `undefined` where TLS ends at a proxy. `onChange` gets every certificate after the first. */
export async function openTls(
  config: Config,
  instance: Instance,
  authority: Authority,
  clock: Clock,
  onChange: (credentials: TlsCredentials) => void,
): Promise<Result<OpenTls | undefined, StartupFault>> {
  if (config.tls.mode === 'off') return ok(undefined);
  if (config.tls.mode === 'files') return openFiles(config.tls.certificateFile, config.tls.keyFile, onChange);
  // Port 1 stands for one not known yet: only the host of the issuer matters here.
  const issuer = new URL(issuerFor(config, config.listen.port || 1));
  const own = await openOwnCertificate({
    authority: authority.ca,
    keys: instance.store.keys,
    certificates: instance.store.certificates,
    wrapping: instance.wrapping,
    clock,
    names: ownNames({ issuer, listenHost: config.listen.host, hostname: hostname() }),
    algorithm: 'ES256',
    profile: 'tls-server',
    onChange,
  });
  if (!own.ok) return fail({ code: 'tls', detail: own.error });
  return ok({
    credentials: own.value.current(),
    chore: { name: 'own certificate', every: hour, work: own.value.maintain },
  });
}

async function openFiles(
  certificateFile: string,
  keyFile: string,
  onChange: (credentials: TlsCredentials) => void,
): Promise<Result<OpenTls, StartupFault>> {
  const first = await readTlsFiles(certificateFile, keyFile);
  if (!first.ok) return fail({ code: 'tls', detail: first.error });
  let current = first.value;
  const work = async (): Promise<void> => {
    const next = await readTlsFiles(certificateFile, keyFile);
    if (!next.ok) throw new Error(next.error);
    if (next.value.certificatePem === current.certificatePem && next.value.keyPem === current.keyPem) return;
    current = next.value;
    onChange(current);
  };
  return ok({ credentials: current, chore: { name: 'certificate files', every: minute, work } });
}
