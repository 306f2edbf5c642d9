/**
 * Extensions of certificates, certificate requests, CRLs and CRL entries.
 * @spec RFC 5280 §4.2
 */
import type { DerReader } from '../codec/der-reader.ts';
import { tag } from '../codec/der-tag.ts';
import { DerWriter } from '../codec/der-writer.ts';

export interface Extension {
  /** Dotted form. */
  readonly oid: string;
  readonly critical: boolean;
  /** DER of the extension's own type: the content of extnValue. */
  readonly value: Uint8Array;
}

/** More are refused: no real certificate has half as many. */
const extensionLimit = 64;

/** An extension whose value is what `write` writes. */
export function buildExtension(oid: string, critical: boolean, write: (writer: DerWriter) => void): Extension {
  const writer = new DerWriter(96);
  write(writer);
  return { oid, critical, value: writer.finish() };
}

/** The extension with this object identifier; at most one exists in anything that was read. */
export function findExtension(extensions: readonly Extension[], oid: string): Extension | undefined {
  return extensions.find((extension) => extension.oid === oid);
}

export function writeExtensions(writer: DerWriter, extensions: readonly Extension[]): void {
  writer.sequence(() => {
    for (const extension of extensions) {
      writer.sequence(() => {
        writer.oid(extension.oid);
        if (extension.critical) writer.boolean(true);
        writer.octetString(extension.value);
      });
    }
  });
}

/** Reads one or more; two with the same object identifier are refused (RFC 5280 section 4.2). */
export function readExtensions(reader: DerReader): readonly Extension[] {
  const seen = new Set<string>();
  const extensions = reader.sequenceOf(extensionLimit, () => {
    const extension = readExtension(reader);
    if (seen.has(extension.oid)) reader.refuse('malformed', `extension ${extension.oid} appears twice`);
    seen.add(extension.oid);
    return extension;
  });
  if (extensions.length === 0) reader.refuse('malformed', 'empty list of extensions');
  return extensions;
}

function readExtension(reader: DerReader): Extension {
  return reader.sequence(() => {
    const oid = reader.oid();
    const explicit = reader.next(tag.boolean);
    const critical = explicit && reader.boolean();
    if (explicit && !critical) reader.refuse('malformed', 'default value FALSE is written out');
    return { oid, critical, value: reader.octetString() };
  });
}
