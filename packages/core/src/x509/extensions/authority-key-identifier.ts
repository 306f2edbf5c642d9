/**
 * The authorityKeyIdentifier extension: which key of the issuer signed.
 * @spec RFC 5280 §4.2.1.1
 */
import { type DerFault, DerReader } from '../../codec/der-reader.ts';
import { constructedTag, contextTag } from '../../codec/der-tag.ts';
import { oid } from '../../codec/oid.ts';
import type { Result } from '../../result.ts';
import { buildExtension, type Extension } from '../extension.ts';
import { readGeneralName } from '../general-name.ts';

const nameLimit = 16;

/** @param keyId the subjectKeyIdentifier of the issuer's certificate */
export function encodeAuthorityKeyIdentifier(keyId: Uint8Array): Extension {
  return buildExtension(oid.authorityKeyIdentifier, false, (writer) => {
    writer.sequence(() => writer.primitive(contextTag(0), keyId));
  });
}

/** The key identifier; `undefined` in certificates that name issuer and serial number only. */
export function parseAuthorityKeyIdentifier(value: Uint8Array): Result<Uint8Array | undefined, DerFault> {
  const reader = new DerReader(value);
  const keyId = reader.sequence(() => {
    const found = reader.next(contextTag(0)) ? reader.content(contextTag(0)) : undefined;
    const named = reader.next(constructedTag(1));
    if (named) reader.sequenceOf(nameLimit, () => readGeneralName(reader), constructedTag(1));
    // Issuer and serial number come together or not at all.
    if (named || reader.more) reader.integer(contextTag(2));
    return found;
  });
  return reader.finish(keyId);
}
