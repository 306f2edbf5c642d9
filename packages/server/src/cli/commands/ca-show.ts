/** `tegata ca show`: the root that others have to trust, and the CAs below it. */
import { encodeHex } from '@tegata/core/codec/hex';
import { encodePem } from '@tegata/core/codec/pem';
import { ok, unwrap } from '@tegata/core/result';
import { parseCertificate } from '@tegata/core/x509/certificate';
import { formatName } from '@tegata/core/x509/name';
import { certificateThumbprint } from '@tegata/core/x509/thumbprint';
import type { KeyRecord } from '../../ports/stores/keys.ts';
import { columns } from '../columns.ts';
import { type Command, failure } from '../command.ts';
import { withStore } from '../open.ts';

export const command: Command = {
  options: { pem: { type: 'boolean', doc: 'print the root certificate alone, as PEM' } },
  notes: 'Compare the fingerprint before you trust a root that came over the network.',
  run: (args, context) =>
    withStore(context, async (store) => {
      const records = [...(await store.keys.list('root-ca')), ...(await store.keys.list('issuing-ca'))];
      const shown = records.flatMap(describe);
      const [root] = shown;
      if (root === undefined) return failure('There is no CA in this store yet. Start the server once: tegata serve');
      if (args.flag('pem')) return ok({ text: root.pem, json: { pem: root.pem } });
      return ok({ text: shown.map(toText).join('\n\n'), json: shown });
    }),
};

interface ShownCertificate {
  readonly role: 'root' | 'issuing';
  readonly subject: string;
  readonly serial: string;
  /** SHA-256 over the certificate. */
  readonly fingerprint: string;
  readonly notBefore: string;
  readonly notAfter: string;
  readonly keyId: string;
  readonly pem: string;
}

function describe({ certificate: der, keyId, purpose }: KeyRecord): readonly ShownCertificate[] {
  if (der === undefined) return [];
  const certificate = unwrap(parseCertificate(der));
  return [
    {
      role: purpose === 'root-ca' ? 'root' : 'issuing',
      subject: formatName(certificate.subject),
      serial: encodeHex(certificate.serial),
      fingerprint: group(encodeHex(certificateThumbprint(der))),
      notBefore: new Date(certificate.notBefore).toISOString(),
      notAfter: new Date(certificate.notAfter).toISOString(),
      keyId,
      pem: encodePem('CERTIFICATE', der),
    },
  ];
}

/** As other tools print fingerprints: pairs in capitals with colons. */
function group(hex: string): string {
  return hex.toUpperCase().replaceAll(/..(?!$)/g, '$&:');
}

function toText({ role, subject, serial, fingerprint, notBefore, notAfter }: ShownCertificate): string {
  return columns([
    [role === 'root' ? 'root CA' : 'issuing CA', subject],
    ['serial', serial],
    ['SHA-256', fingerprint],
    ['valid', `${notBefore.slice(0, 10)} to ${notAfter.slice(0, 10)}`],
  ]);
}
