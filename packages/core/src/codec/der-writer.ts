/**
 * A writer of DER: one buffer, nested elements, definite lengths set right when an element closes.
 * @spec X.690 §10
 * @spec X.690 §11.6
 */
import { tag } from './der-tag.ts';
import { encodeOid } from './oid.ts';
import { encodeUtf8 } from './utf8.ts';

export class DerWriter {
  #buffer: Uint8Array;
  #length = 0;

  /** @param capacity octets to set aside at first; more are taken when needed */
  constructor(capacity = 256) {
    this.#buffer = new Uint8Array(capacity);
  }

  /** An element whose content is whatever `write` writes. */
  constructed(identifier: number, write: () => void): this {
    this.#reserve(2);
    this.#buffer[this.#length] = identifier;
    this.#length += 2;
    const start = this.#length;
    write();
    this.#close(start);
    return this;
  }

  sequence(write: () => void): this {
    return this.constructed(tag.sequence, write);
  }

  /** SET OF: the encoded elements in the order that DER demands. */
  setOf(elements: readonly Uint8Array[]): this {
    return this.constructed(tag.set, () => {
      for (const element of [...elements].sort(compareOctets)) this.raw(element);
    });
  }

  primitive(identifier: number, content: Uint8Array): this {
    this.#header(identifier, content.length);
    return this.raw(content);
  }

  /** Octets that are DER already. */
  raw(der: Uint8Array): this {
    this.#reserve(der.length);
    this.#buffer.set(der, this.#length);
    this.#length += der.length;
    return this;
  }

  boolean(value: boolean): this {
    this.#header(tag.boolean, 1);
    return this.#octet(value ? 0xff : 0x00);
  }

  /** An INTEGER from its magnitude, big-endian; leading zero octets do not matter. */
  unsignedInteger(magnitude: Uint8Array): this {
    let start = 0;
    while (start < magnitude.length - 1 && magnitude[start] === 0) start++;
    const digits = magnitude.length === 0 ? Uint8Array.of(0) : magnitude.subarray(start);
    const sign = (digits[0] ?? 0) >= 0x80 ? 1 : 0;
    this.#header(tag.integer, digits.length + sign);
    if (sign === 1) this.#octet(0);
    return this.raw(digits);
  }

  /** An INTEGER or ENUMERATED from 0 to 2^47 - 1. */
  smallInteger(value: number, identifier: number = tag.integer): this {
    if (!Number.isSafeInteger(value) || value < 0 || value >= 2 ** 47)
      throw new RangeError(`no small integer: ${value}`);
    let count = 1;
    while (value >= 2 ** (8 * count - 1)) count++;
    this.#header(identifier, count);
    for (let at = count - 1; at >= 0; at--) this.#octet(Math.floor(value / 256 ** at) % 256);
    return this;
  }

  null(): this {
    return this.#header(tag.null, 0);
  }

  /** @throws when `dotted` is no object identifier, which is a mistake of the caller */
  oid(dotted: string): this {
    const content = encodeOid(dotted);
    if (content === undefined) throw new RangeError(`no object identifier: ${dotted}`);
    return this.primitive(tag.oid, content);
  }

  octetString(bytes: Uint8Array): this {
    return this.primitive(tag.octetString, bytes);
  }

  /** A BIT STRING of whole octets. */
  bitString(bytes: Uint8Array, identifier: number = tag.bitString): this {
    this.#header(identifier, bytes.length + 1);
    return this.#octet(0).raw(bytes);
  }

  /** A named-bit list of up to 16 bits, bit 0 of the standard being the lowest bit of `bits`; trailing zero bits are left out. */
  namedBits(bits: number): this {
    const count = 32 - Math.clz32(bits & 0xffff);
    const octets = Math.ceil(count / 8);
    this.#header(tag.bitString, 1 + octets).#octet(octets * 8 - count);
    for (let at = 0; at < octets; at++) {
      let octet = 0;
      for (let bit = 0; bit < 8; bit++) if ((bits & (1 << (at * 8 + bit))) !== 0) octet |= 0x80 >> bit;
      this.#octet(octet);
    }
    return this;
  }

  /** A string type whose octets are UTF-8, of which ASCII is a part: the caller has checked the alphabet. */
  text(identifier: number, text: string): this {
    this.#header(identifier, text.length);
    this.#reserve(text.length);
    const start = this.#length;
    for (let at = 0; at < text.length; at++) {
      const code = text.charCodeAt(at);
      if (code >= 0x80) return this.#textAgain(start, identifier, text);
      this.#buffer[start + at] = code;
    }
    this.#length += text.length;
    return this;
  }

  /** All that was written, in memory of its own. */
  finish(): Uint8Array {
    return this.#buffer.slice(0, this.#length);
  }

  /** Replaces the header written just before `start`, whose length held for ASCII only. */
  #textAgain(start: number, identifier: number, text: string): this {
    this.#length = start - 1 - lengthOctets(text.length);
    return this.primitive(identifier, encodeUtf8(text));
  }

  #header(identifier: number, length: number): this {
    this.#reserve(6);
    this.#buffer[this.#length++] = identifier;
    this.#writeLength(this.#length, length);
    this.#length += lengthOctets(length);
    return this;
  }

  /** Sets the length of the element whose content begins at `start`, for which one octet was left free. */
  #close(start: number): void {
    const length = this.#length - start;
    const extra = lengthOctets(length) - 1;
    if (extra > 0) {
      this.#reserve(extra);
      this.#buffer.copyWithin(start + extra, start, this.#length);
      this.#length += extra;
    }
    this.#writeLength(start - 1, length);
  }

  #writeLength(at: number, length: number): void {
    const count = lengthOctets(length) - 1;
    if (count === 0) {
      this.#buffer[at] = length;
      return;
    }
    this.#buffer[at] = 0x80 | count;
    for (let digit = 1; digit <= count; digit++) this.#buffer[at + digit] = length >>> (8 * (count - digit));
  }

  #octet(octet: number): this {
    this.#reserve(1);
    this.#buffer[this.#length++] = octet;
    return this;
  }

  #reserve(count: number): void {
    const needed = this.#length + count;
    if (needed <= this.#buffer.length) return;
    const larger = new Uint8Array(Math.max(needed, this.#buffer.length * 2));
    larger.set(this.#buffer.subarray(0, this.#length));
    this.#buffer = larger;
  }
}

/** Octets that a definite length takes in its shortest form. */
function lengthOctets(length: number): number {
  if (length < 0x80) return 1;
  if (length < 0x100) return 2;
  if (length < 0x1_0000) return 3;
  return length < 0x100_0000 ? 4 : 5;
}

/** The order of encodings in a SET OF: octet by octet, a prefix first. */
function compareOctets(a: Uint8Array, b: Uint8Array): number {
  const shorter = Math.min(a.length, b.length);
  for (let at = 0; at < shorter; at++) {
    const difference = (a[at] ?? 0) - (b[at] ?? 0);
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
}
