/**
 * The cRLDistributionPoints extension: where the CRL that covers a certificate is published.
 * @spec RFC 5280 §4.2.1.13
 */
import { type DerFault, DerReader } from '../../codec/der-reader.ts';
import { constructedTag, contextTag } from '../../codec/der-tag.ts';
import { oid } from '../../codec/oid.ts';
import type { Result } from '../../result.ts';
import { buildExtension, type Extension } from '../extension.ts';
import { type GeneralName, readGeneralName, writeGeneralName } from '../general-name.ts';

const pointLimit = 32;

/** One distribution point for each URL, all reasons covered, the issuer of the certificate signing. */
export function encodeCrlDistributionPoints(urls: readonly string[]): Extension {
  return buildExtension(oid.crlDistributionPoints, false, (writer) => {
    const point = (value: string) =>
      writer.sequence(() => {
        writer.constructed(constructedTag(0), () => {
          writer.constructed(constructedTag(0), () => writeGeneralName(writer, { type: 'uri', value }));
        });
      });
    writer.sequence(() => urls.forEach(point));
  });
}

/** The URLs of all points; names relative to the issuer are refused as unsupported. */
export function parseCrlDistributionPoints(value: Uint8Array): Result<readonly string[], DerFault> {
  const reader = new DerReader(value);
  const points = reader.sequenceOf(pointLimit, () => reader.sequence(() => readPoint(reader)));
  if (points.length === 0) reader.refuse('malformed', 'cRLDistributionPoints without points');
  return reader.finish(points.flat().flatMap((name) => (name.type === 'uri' ? [name.value] : [])));
}

function readPoint(reader: DerReader): readonly GeneralName[] {
  let names: readonly GeneralName[] = [];
  if (reader.next(constructedTag(0))) {
    names = reader.constructed(constructedTag(0), () => {
      if (reader.next(constructedTag(1))) reader.refuse('unsupported', 'nameRelativeToCRLIssuer is not supported');
      return readNames(reader, 0);
    });
  }
  if (reader.next(contextTag(1))) reader.content(contextTag(1));
  if (reader.next(constructedTag(2))) readNames(reader, 2);
  return names;
}

function readNames(reader: DerReader, number: number): readonly GeneralName[] {
  return reader.sequenceOf(pointLimit, () => readGeneralName(reader), constructedTag(number));
}
