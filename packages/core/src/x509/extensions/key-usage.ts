/**
 * The keyUsage extension: what the key may do.
 * @spec RFC 5280 §4.2.1.3
 */
import { type DerFault, DerReader } from '../../codec/der-reader.ts';
import { oid } from '../../codec/oid.ts';
import type { Result } from '../../result.ts';
import { buildExtension, type Extension } from '../extension.ts';

/** In the order of their bits. */
const keyUsages = [
  'digitalSignature',
  'contentCommitment',
  'keyEncipherment',
  'dataEncipherment',
  'keyAgreement',
  'keyCertSign',
  'cRLSign',
  'encipherOnly',
  'decipherOnly',
] as const;

export type KeyUsage = (typeof keyUsages)[number];

/** Critical, as it should be. At least one usage. */
export function encodeKeyUsage(usages: readonly KeyUsage[]): Extension {
  let bits = 0;
  for (const usage of usages) bits |= 1 << keyUsages.indexOf(usage);
  return buildExtension(oid.keyUsage, true, (writer) => writer.namedBits(bits));
}

/** In the order of the bits; bits without a name are refused, and so is an extension that allows nothing. */
export function parseKeyUsage(value: Uint8Array): Result<readonly KeyUsage[], DerFault> {
  const reader = new DerReader(value);
  const bits = reader.namedBits();
  if (bits === 0 || bits >>> keyUsages.length !== 0)
    reader.refuse('malformed', 'keyUsage without a known bit or with an unknown one');
  return reader.finish(keyUsages.filter((_, bit) => (bits & (1 << bit)) !== 0));
}
