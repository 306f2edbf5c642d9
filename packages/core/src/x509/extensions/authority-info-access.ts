/**
 * The authorityInfoAccess extension: where the issuer's certificate and its OCSP responder are.
 * @spec RFC 5280 §4.2.2.1
 */
import { type DerFault, DerReader } from '../../codec/der-reader.ts';
import { oid } from '../../codec/oid.ts';
import type { Result } from '../../result.ts';
import { buildExtension, type Extension } from '../extension.ts';
import { type GeneralName, readGeneralName, writeGeneralName } from '../general-name.ts';

export interface AuthorityInfoAccess {
  /** `http:` URLs of OCSP responders. */
  readonly ocsp: readonly string[];
  /** `http:` URLs of the issuer's certificate in DER. */
  readonly caIssuers: readonly string[];
}

const descriptionLimit = 32;

/** At least one URL in all. */
export function encodeAuthorityInfoAccess({ ocsp, caIssuers }: AuthorityInfoAccess): Extension {
  return buildExtension(oid.authorityInfoAccess, false, (writer) => {
    const describe = (method: string, value: string) =>
      writer.sequence(() => writeGeneralName(writer.oid(method), { type: 'uri', value }));
    writer.sequence(() => {
      for (const url of ocsp) describe(oid.ocsp, url);
      for (const url of caIssuers) describe(oid.caIssuers, url);
    });
  });
}

/** Places that are no URLs, and access methods other than the two, are left out. */
export function parseAuthorityInfoAccess(value: Uint8Array): Result<AuthorityInfoAccess, DerFault> {
  const reader = new DerReader(value);
  const descriptions = reader.sequenceOf(descriptionLimit, () =>
    reader.sequence(() => ({ method: reader.oid(), place: readGeneralName(reader) })),
  );
  if (descriptions.length === 0) reader.refuse('malformed', 'authorityInfoAccess without descriptions');
  const urls = (method: string) =>
    descriptions.filter((description) => description.method === method).flatMap(({ place }) => urlOf(place));
  return reader.finish({ ocsp: urls(oid.ocsp), caIssuers: urls(oid.caIssuers) });
}

function urlOf(place: GeneralName): readonly string[] {
  return place.type === 'uri' ? [place.value] : [];
}
