/**
 * The subjectAltName extension: the names a certificate is for.
 * @spec RFC 5280 §4.2.1.6
 */
import { type DerFault, DerReader } from '../../codec/der-reader.ts';
import { oid } from '../../codec/oid.ts';
import type { Result } from '../../result.ts';
import { buildExtension, type Extension } from '../extension.ts';
import { type GeneralName, readGeneralName, writeGeneralName } from '../general-name.ts';

const nameLimit = 4096;

/** @param critical must be true where the subject is empty */
export function encodeSubjectAltName(names: readonly GeneralName[], critical = false): Extension {
  return buildExtension(oid.subjectAltName, critical, (writer) => {
    writer.sequence(() => {
      for (const name of names) writeGeneralName(writer, name);
    });
  });
}

/** One name at least. */
export function parseSubjectAltName(value: Uint8Array): Result<readonly GeneralName[], DerFault> {
  const reader = new DerReader(value);
  const names = reader.sequenceOf(nameLimit, () => readGeneralName(reader));
  if (names.length === 0) reader.refuse('malformed', 'subjectAltName without names');
  return reader.finish(names);
}
