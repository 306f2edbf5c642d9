/**
 * Identifier octets of the ASN.1 types in use, constructed bit included where DER sets it.
 * @spec X.690 §8.1.2
 */
export const tag = {
  boolean: 0x01,
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  null: 0x05,
  oid: 0x06,
  enumerated: 0x0a,
  utf8String: 0x0c,
  printableString: 0x13,
  teletexString: 0x14,
  ia5String: 0x16,
  utcTime: 0x17,
  generalizedTime: 0x18,
  bmpString: 0x1e,
  sequence: 0x30,
  set: 0x31,
} as const;

/** Identifier octet of `[number]`, primitive: an implicit tag on a primitive type. */
export function contextTag(number: number): number {
  return 0x80 | number;
}

/** Identifier octet of `[number]`, constructed: an explicit tag, or an implicit one on a constructed type. */
export function constructedTag(number: number): number {
  return 0xa0 | number;
}
