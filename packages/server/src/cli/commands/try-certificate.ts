/** `tegata try certificate`: a certificate over ACME from the running server, as any ACME client would get it. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { join } from 'node:path';
import { ok, type Result } from '@tegata/core/result';
import type { Config } from '../../config/config.ts';
import { systemTimer } from '../../main/system-timer.ts';
import { columns } from '../columns.ts';
import { type CliFault, type Command, failure, misuse, type Output } from '../command.ts';
import type { Io } from '../io.ts';
import { withStore } from '../open.ts';
import { openAcmeSession } from '../try/acme-session.ts';
import { openHttp01Responder } from '../try/http-01-responder.ts';
import { type Obtained, obtainCertificate } from '../try/obtain-certificate.ts';
import { accessServer, type ServerAccess } from '../try/server-access.ts';

const folder = 'tegata-try';

export const command: Command = {
  operands: [{ name: 'NAME', required: false, doc: 'DNS name of this machine; localhost by default' }],
  notes: `Answers the challenge http-01 itself, on port acme.validation.httpPort (80 by default). Writes the key, the certificate
with its chain, and the root into the folder ./${folder}.`,
  run: async (args, context) => {
    const name = (args.operand(0) ?? 'localhost').toLowerCase();
    if (isIP(name) !== 0 || !/^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$/.test(name)) {
      return misuse(`${name} is not a DNS name that can be tried. Give the name under which this machine is known.`);
    }
    const progress = args.flag('json') ? () => {} : (step: string) => context.io.err(`· ${step}\n`);
    return withStore(context, async (store, config) => {
      const access = await accessServer(config, store);
      if (!access.ok) return access;
      const obtained = await obtain(name, access.value, config, progress);
      return obtained.ok ? save(name, obtained.value, access.value.root, context.io) : obtained;
    });
  },
};

async function obtain(
  name: string,
  { https, issuer }: ServerAccess,
  config: Config,
  progress: (step: string) => void,
): Promise<Result<Obtained, CliFault>> {
  const session = await openAcmeSession(https, `${issuer}/acme/directory`);
  if (!session.ok) return session;
  const responder = await openHttp01Responder(config.acme.validation.httpPort);
  if (!responder.ok) return responder;
  try {
    return await obtainCertificate(name, {
      session: session.value,
      responder: responder.value,
      timer: systemTimer,
      progress,
    });
  } finally {
    await responder.value.close();
  }
}

function save(name: string, { chain, key }: Obtained, root: string, io: Io): Result<Output, CliFault> {
  const paths = {
    key: join(folder, `${name}.key.pem`),
    certificate: join(folder, `${name}.pem`),
    root: join(folder, 'root.pem'),
  };
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    // Over an existing file the mode would not count.
    rmSync(paths.key, { force: true });
    writeFileSync(paths.key, key, { mode: 0o600 });
    writeFileSync(paths.certificate, chain);
    writeFileSync(paths.root, root);
  } catch (error) {
    return failure(
      `The certificate is there, but the folder ./${folder} cannot be written: ${(error as Error).message}.`,
    );
  }
  const command = ['verify', '-x509_strict', '-CAfile', paths.root, '-untrusted', paths.certificate, paths.certificate];
  const verified = spawnSync('openssl', command, {
    encoding: 'utf8',
    env: { ...process.env, PATH: io.environment.PATH },
  });
  const shown = `openssl ${command.join(' ')}`;
  if (verified.error === undefined && verified.status !== 0) {
    return failure(
      `openssl does not accept the certificate:\n$ ${shown}\n${verified.stdout}${verified.stderr}`.trimEnd(),
    );
  }
  const check = verified.error === undefined ? `\n$ ${shown}\n${verified.stdout.trimEnd()}` : '';
  return ok({
    text: `A certificate for ${name}:\n${columns(Object.entries(paths))}${check}`,
    json: { name, ...paths, verified: verified.error === undefined },
  });
}
