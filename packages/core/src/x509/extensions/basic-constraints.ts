/**
 * The basicConstraints extension: whether the subject is a CA, and how long a path may continue below it.
 * @spec RFC 5280 §4.2.1.9
 */
import { type DerFault, DerReader } from '../../codec/der-reader.ts';
import { tag } from '../../codec/der-tag.ts';
import { oid } from '../../codec/oid.ts';
import type { Result } from '../../result.ts';
import { buildExtension, type Extension } from '../extension.ts';

export interface BasicConstraints {
  readonly ca: boolean;
  /** Most CA certificates that may follow below; only for a CA. */
  readonly pathLength?: number;
}

/** Always critical, as it must be in CA certificates. */
export function encodeBasicConstraints({ ca, pathLength }: BasicConstraints): Extension {
  return buildExtension(oid.basicConstraints, true, (writer) => {
    writer.sequence(() => {
      if (ca) writer.boolean(true);
      if (ca && pathLength !== undefined) writer.smallInteger(pathLength);
    });
  });
}

export function parseBasicConstraints(value: Uint8Array): Result<BasicConstraints, DerFault> {
  const reader = new DerReader(value);
  const constraints = reader.sequence((): BasicConstraints => {
    const explicit = reader.next(tag.boolean);
    const ca = explicit && reader.boolean();
    if (explicit && !ca) reader.refuse('malformed', 'default value FALSE is written out');
    if (!reader.more) return { ca };
    const pathLength = reader.smallInteger();
    if (!ca) reader.refuse('malformed', 'pathLenConstraint without cA');
    return { ca, pathLength };
  });
  return reader.finish(constraints);
}
