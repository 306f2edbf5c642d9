/** A certificate and key that somebody else renews: read from files, checked before use, read again when they change. */
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { fail, ok, type Result } from '@tegata/core/result';
import type { TlsCredentials } from './listener.ts';

/** Reads both files; the fault is one sentence that names the file at fault. */
export async function readTlsFiles(certificateFile: string, keyFile: string): Promise<Result<TlsCredentials, string>> {
  const certificatePem = await readText(certificateFile);
  if (!certificatePem.ok) return certificatePem;
  const keyPem = await readText(keyFile);
  if (!keyPem.ok) return keyPem;
  const fault = describeMismatch(certificatePem.value, keyPem.value, certificateFile, keyFile);
  return fault === undefined ? ok({ certificatePem: certificatePem.value, keyPem: keyPem.value }) : fail(fault);
}

async function readText(path: string): Promise<Result<string, string>> {
  try {
    return ok(await readFile(path, 'utf8'));
  } catch (error) {
    return fail(
      `${path} cannot be read (${(error as NodeJS.ErrnoException).code}): name a PEM file that this user may read.`,
    );
  }
}

function describeMismatch(
  certificatePem: string,
  keyPem: string,
  certificateFile: string,
  keyFile: string,
): string | undefined {
  let certificate: X509Certificate;
  try {
    certificate = new X509Certificate(certificatePem);
  } catch {
    return `${certificateFile} does not begin with a certificate in PEM: put the server's certificate first, then its chain.`;
  }
  try {
    if (certificate.checkPrivateKey(createPrivateKey(keyPem))) return undefined;
  } catch {
    return `${keyFile} is not an unencrypted private key in PEM.`;
  }
  return `The key in ${keyFile} does not belong to the certificate in ${certificateFile}.`;
}
