/**
 * Distinguished names.
 * @spec RFC 5280 §4.1.2.4
 * @spec RFC 5280 §4.1.2.6
 * @spec RFC 4514 §2
 */
import { type DerFault, DerReader, latin1 } from '../codec/der-reader.ts';
import { tag } from '../codec/der-tag.ts';
import { DerWriter } from '../codec/der-writer.ts';
import { decodeHex, encodeHex } from '../codec/hex.ts';
import { oid } from '../codec/oid.ts';
import { decodeUtf8 } from '../codec/utf8.ts';
import type { Result } from '../result.ts';

/** How the value of an attribute is encoded; `DER` is any other type, its whole encoding kept in hex. */
export type NameEncoding = 'UTF8String' | 'PrintableString' | 'IA5String' | 'TeletexString' | 'BMPString' | 'DER';

export interface NameAttribute {
  /** Object identifier of the attribute type. */
  readonly type: string;
  readonly value: string;
  /** Kept, so that a name that was read is written again octet by octet: names of issuers are compared that way. */
  readonly encoding: NameEncoding;
}

/** A relative distinguished name; nearly always of one attribute. */
export type RelativeName = readonly NameAttribute[];

/** From the root of the tree downwards, as encoded. */
export type Name = readonly RelativeName[];

const relativeNameLimit = 64;
const printable = /^[A-Za-z0-9 '()+,\-./:=?]*$/;

/** Short names of RFC 4514 section 3 and of the LDAP registry. */
const shortNames: ReadonlyMap<string, string> = new Map([
  [oid.commonName, 'CN'],
  [oid.surname, 'SN'],
  [oid.serialNumber, 'serialNumber'],
  [oid.countryName, 'C'],
  [oid.localityName, 'L'],
  [oid.stateOrProvinceName, 'ST'],
  [oid.streetAddress, 'STREET'],
  [oid.organizationName, 'O'],
  [oid.organizationalUnitName, 'OU'],
  [oid.title, 'title'],
  [oid.givenName, 'givenName'],
  [oid.dnQualifier, 'dnQualifier'],
  [oid.userId, 'UID'],
  [oid.domainComponent, 'DC'],
  [oid.emailAddress, 'emailAddress'],
]);

/** An attribute in the encoding that RFC 5280 wants for its type: UTF-8 except where the type is ASCII by definition. */
export function nameAttribute(type: string, value: string): NameAttribute {
  return { type, value, encoding: defaultEncodings.get(type) ?? 'UTF8String' };
}

/** A name of one attribute, the common name. */
export function commonName(text: string): Name {
  return [[nameAttribute(oid.commonName, text)]];
}

/** DER of `name`. */
export function encodeName(name: Name): Uint8Array {
  const writer = new DerWriter();
  writeName(writer, name);
  return writer.finish();
}

/** Reads a Name that is all of `der`. */
export function parseName(der: Uint8Array): Result<Name, DerFault> {
  const reader = new DerReader(der);
  return reader.finish(readName(reader));
}

/** @throws when a value does not fit its declared encoding, which is a mistake of the caller */
export function writeName(writer: DerWriter, name: Name): void {
  writer.sequence(() => {
    for (const relative of name) writeRelativeName(writer, relative);
  });
}

export function readName(reader: DerReader): Name {
  return reader.sequenceOf(relativeNameLimit, () => {
    const attributes = reader.sequenceOf(relativeNameLimit, () => readAttribute(reader), tag.set);
    if (attributes.length === 0) reader.refuse('malformed', 'relative distinguished name without attributes');
    return attributes;
  });
}

/** The string form, most specific part first; attribute types without a short name appear as `1.2.3=#<hex of DER>`. */
export function formatName(name: Name): string {
  return name
    .map((relative) => relative.map(formatAttribute).join('+'))
    .reverse()
    .join(',');
}

function writeRelativeName(writer: DerWriter, relative: RelativeName): void {
  const [only] = relative;
  if (relative.length === 1 && only !== undefined) {
    writer.constructed(tag.set, () => writeAttribute(writer, only));
    return;
  }
  const elements = relative.map((attribute) => {
    const element = new DerWriter();
    writeAttribute(element, attribute);
    return element.finish();
  });
  writer.setOf(elements);
}

function writeAttribute(writer: DerWriter, attribute: NameAttribute): void {
  writer.sequence(() => {
    writer.oid(attribute.type);
    writeValue(writer, attribute);
  });
}

function writeValue(writer: DerWriter, { value, encoding }: NameAttribute): void {
  switch (encoding) {
    case 'UTF8String':
      writer.text(tag.utf8String, value);
      return;
    case 'PrintableString':
      if (!printable.test(value)) throw new RangeError(`not printable in the sense of X.680: ${value}`);
      writer.text(tag.printableString, value);
      return;
    case 'IA5String':
      writer.primitive(tag.ia5String, oneOctetEach(value, 0x7f));
      return;
    case 'TeletexString':
      writer.primitive(tag.teletexString, oneOctetEach(value, 0xff));
      return;
    case 'BMPString':
      writer.primitive(tag.bmpString, Buffer.from(value, 'utf16le').swap16());
      return;
    case 'DER':
      writer.raw(decodeHex(value) ?? new Uint8Array());
  }
}

function readAttribute(reader: DerReader): NameAttribute {
  return reader.sequence(() => {
    const type = reader.oid();
    if (reader.next(tag.utf8String)) return { type, value: readUtf8(reader), encoding: 'UTF8String' };
    if (reader.next(tag.printableString)) return { type, value: readPrintable(reader), encoding: 'PrintableString' };
    if (reader.next(tag.ia5String)) return { type, value: reader.ascii(tag.ia5String), encoding: 'IA5String' };
    if (reader.next(tag.teletexString)) {
      return { type, value: latin1(reader.content(tag.teletexString)), encoding: 'TeletexString' };
    }
    if (reader.next(tag.bmpString)) return { type, value: readBmp(reader), encoding: 'BMPString' };
    return { type, value: encodeHex(reader.element()), encoding: 'DER' };
  });
}

function readUtf8(reader: DerReader): string {
  const text = decodeUtf8(reader.content(tag.utf8String));
  if (text === undefined) reader.refuse('malformed', 'UTF8String is not UTF-8');
  return text ?? '';
}

function readPrintable(reader: DerReader): string {
  const text = reader.ascii(tag.printableString);
  if (!printable.test(text)) reader.refuse('malformed', 'PrintableString with a character that is not printable');
  return text;
}

function readBmp(reader: DerReader): string {
  const content = reader.content(tag.bmpString);
  if (content.length % 2 !== 0) {
    reader.refuse('malformed', 'BMPString of an odd length');
    return '';
  }
  return Buffer.from(content).swap16().toString('utf16le');
}

function formatAttribute(attribute: NameAttribute): string {
  const shortName = shortNames.get(attribute.type);
  if (attribute.encoding === 'DER') return `${shortName ?? attribute.type}=#${attribute.value}`;
  if (shortName !== undefined) return `${shortName}=${escapeValue(attribute.value)}`;
  const writer = new DerWriter();
  writeValue(writer, attribute);
  return `${attribute.type}=#${encodeHex(writer.finish())}`;
}

function escapeValue(value: string): string {
  return value.replace(/^[ #]|["+,;<>\\]| $/g, '\\$&').replace(/\0/g, '\\00');
}

function oneOctetEach(text: string, highest: number): Uint8Array {
  for (let at = 0; at < text.length; at++) {
    if (text.charCodeAt(at) > highest) throw new RangeError(`no single octet for a character of: ${text}`);
  }
  return Buffer.from(text, 'latin1');
}

const defaultEncodings: ReadonlyMap<string, NameEncoding> = new Map<string, NameEncoding>([
  [oid.countryName, 'PrintableString'],
  [oid.serialNumber, 'PrintableString'],
  [oid.dnQualifier, 'PrintableString'],
  [oid.domainComponent, 'IA5String'],
  [oid.emailAddress, 'IA5String'],
]);
