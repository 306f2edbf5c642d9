/**
 * GeneralName: one of the ways to name a subject, issuer or place.
 * @spec RFC 5280 §4.2.1.6
 */
import type { DerReader } from '../codec/der-reader.ts';
import { constructedTag, contextTag } from '../codec/der-tag.ts';
import type { DerWriter } from '../codec/der-writer.ts';
import { encodeOid } from '../codec/oid.ts';
import { type Name, readName, writeName } from './name.ts';

export type GeneralName =
  | { readonly type: 'dns' | 'email' | 'uri'; readonly value: string }
  /** 4 or 16 octets in network order. */
  | { readonly type: 'ip'; readonly value: Uint8Array }
  | { readonly type: 'directory'; readonly value: Name }
  /** Dotted form. */
  | { readonly type: 'registeredId'; readonly value: string }
  /** `value` is the DER of the inner value, whose type only `typeId` tells. */
  | { readonly type: 'other'; readonly typeId: string; readonly value: Uint8Array };

const tags = {
  other: constructedTag(0),
  email: contextTag(1),
  dns: contextTag(2),
  directory: constructedTag(4),
  uri: contextTag(6),
  ip: contextTag(7),
  registeredId: contextTag(8),
} as const;

const visible = /^[\x21-\x7e]+$/;

/** @throws for a text that is not visible ASCII or an address of another length, which is a mistake of the caller */
export function writeGeneralName(writer: DerWriter, name: GeneralName): void {
  switch (name.type) {
    case 'dns':
    case 'email':
    case 'uri':
      if (!visible.test(name.value)) throw new RangeError(`not visible ASCII: ${name.value}`);
      writer.text(tags[name.type], name.value);
      return;
    case 'ip':
      if (!isAddress(name.value)) throw new RangeError(`no IP address has ${name.value.length} octets`);
      writer.primitive(tags.ip, name.value);
      return;
    case 'directory':
      writer.constructed(tags.directory, () => writeName(writer, name.value));
      return;
    case 'registeredId':
      writer.primitive(tags.registeredId, registeredId(name.value));
      return;
    case 'other':
      writer.constructed(tags.other, () => {
        writer.oid(name.typeId).constructed(constructedTag(0), () => writer.raw(name.value));
      });
  }
}

/** Reads any form but x400Address and ediPartyName, which nobody uses and which are refused as unsupported. */
export function readGeneralName(reader: DerReader): GeneralName {
  if (reader.next(tags.dns)) return { type: 'dns', value: readVisible(reader, tags.dns) };
  if (reader.next(tags.email)) return { type: 'email', value: readVisible(reader, tags.email) };
  if (reader.next(tags.uri)) return { type: 'uri', value: readVisible(reader, tags.uri) };
  if (reader.next(tags.ip)) return { type: 'ip', value: readAddress(reader) };
  if (reader.next(tags.directory)) {
    return { type: 'directory', value: reader.constructed(tags.directory, () => readName(reader)) };
  }
  if (reader.next(tags.registeredId)) return { type: 'registeredId', value: reader.oid(tags.registeredId) };
  if (reader.next(tags.other)) return reader.constructed(tags.other, () => readOther(reader));
  reader.refuse('unsupported', 'GeneralName of a kind that is not handled');
  return { type: 'dns', value: '' };
}

function readOther(reader: DerReader): GeneralName {
  const typeId = reader.oid();
  const value = reader.constructed(constructedTag(0), () => reader.element());
  return { type: 'other', typeId, value };
}

/** Visible characters only: a NUL or blank inside a name has fooled programs that compare it as a C string. */
function readVisible(reader: DerReader, identifier: number): string {
  const text = reader.ascii(identifier, 0x21, 0x7e);
  if (text === '') reader.refuse('malformed', 'empty name');
  return text;
}

function readAddress(reader: DerReader): Uint8Array {
  const address = reader.content(tags.ip);
  if (!isAddress(address)) reader.refuse('malformed', `iPAddress of ${address.length} octets`);
  return address;
}

function isAddress(octets: Uint8Array): boolean {
  return octets.length === 4 || octets.length === 16;
}

function registeredId(dotted: string): Uint8Array {
  const content = encodeOid(dotted);
  if (content === undefined) throw new RangeError(`no object identifier: ${dotted}`);
  return content;
}
