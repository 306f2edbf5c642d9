/**
 * A bounded reader of DER: a cursor over the bytes that copies nothing and refuses whatever only BER allows.
 *
 * The first mistake sticks: from then on every read answers an empty value, `more` is false and `finish` reports that
 * mistake. So parsing code reads straight ahead, like the writer writes, and never tests each step.
 * @spec X.690 §10
 */
import { fail, ok, type Result } from '../result.ts';
import { tag } from './der-tag.ts';
import { decodeOid } from './oid.ts';

/** Why bytes were refused. */
export interface DerFault {
  /** `malformed`: no DER of the expected shape; `unsupported`: well-formed, but a kind that is not handled; `too-large`: over a limit. */
  readonly code: 'malformed' | 'unsupported' | 'too-large';
  /** What was found and where, for the person who has to find out. */
  readonly detail: string;
}

/** Largest input read unless the caller says otherwise: no certificate or request in use comes near. */
const defaultSizeLimit = 65_536;
const depthLimit = 24;
const nothing = new Uint8Array();

export class DerReader {
  readonly #bytes: Uint8Array;
  #at = 0;
  #end: number;
  #depth = 0;
  #fault: DerFault | undefined;

  constructor(bytes: Uint8Array, sizeLimit: number = defaultSizeLimit) {
    this.#bytes = bytes;
    this.#end = bytes.length;
    if (bytes.length > sizeLimit) this.refuse('too-large', `${bytes.length} bytes, at most ${sizeLimit} are read`);
  }

  /** Offset of the next element. */
  get position(): number {
    return this.#at;
  }

  /** Whether anything is left of the element being read; false after a mistake, so that loops end. */
  get more(): boolean {
    return this.#at < this.#end && this.#fault === undefined;
  }

  /** Whether the next element has this identifier octet: how optional elements and choices are told. */
  next(identifier: number): boolean {
    return this.more && this.#bytes[this.#at] === identifier;
  }

  /** The bytes from `start`, an earlier `position`, up to the next element: a view, not a copy. */
  since(start: number): Uint8Array {
    return this.#bytes.subarray(start, this.#at);
  }

  /** Records that what was read cannot be accepted; only the first mistake is kept. */
  refuse(code: DerFault['code'], detail: string): void {
    this.#fault ??= { code, detail: `${detail} (byte ${this.#at})` };
  }

  /** The outcome: `value`, unless there was a mistake or bytes are left over. */
  finish<T>(value: T): Result<T, DerFault> {
    this.#checkExhausted(this.#end);
    return this.#fault === undefined ? ok(value) : fail(this.#fault);
  }

  /** Reads an element with constructed content, all of which `read` must consume. */
  constructed<T>(identifier: number, read: () => T): T {
    const outerEnd = this.#end;
    this.#end = this.#open(identifier);
    if (++this.#depth > depthLimit) this.refuse('too-large', `nested deeper than ${depthLimit} elements`);
    const value = read();
    this.#depth--;
    this.#checkExhausted(this.#end);
    this.#end = outerEnd;
    return value;
  }

  sequence<T>(read: () => T): T {
    return this.constructed(tag.sequence, read);
  }

  /** SEQUENCE OF, or with another identifier SET OF: at most `limit` elements. */
  sequenceOf<T>(limit: number, read: () => T, identifier: number = tag.sequence): T[] {
    return this.constructed(identifier, () => {
      const elements: T[] = [];
      while (this.more) {
        if (elements.length === limit) this.refuse('too-large', `more than ${limit} elements`);
        elements.push(read());
      }
      return elements;
    });
  }

  /** Content octets of a primitive element: a view, not a copy. */
  content(identifier: number): Uint8Array {
    const end = this.#open(identifier);
    return this.#take(end);
  }

  /** The next element whatever it is, identifier and length included: a view, not a copy. Its content is not looked at. */
  element(): Uint8Array {
    const start = this.#at;
    this.#at = this.#open(this.#bytes[start] ?? 0);
    return this.#bytes.subarray(start, this.#at);
  }

  boolean(): boolean {
    const content = this.content(tag.boolean);
    if (content.length !== 1 || (content[0] !== 0x00 && content[0] !== 0xff)) {
      this.refuse('malformed', 'BOOLEAN is neither 00 nor FF');
    }
    return content[0] === 0xff;
  }

  /** Content octets of an INTEGER: two's complement, big-endian, minimal. */
  integer(identifier: number = tag.integer): Uint8Array {
    const content = this.content(identifier);
    const [first = 0, second = 0] = content;
    if (content.length === 0) this.refuse('malformed', 'INTEGER without content');
    else if (content.length > 1 && ((first === 0x00 && second < 0x80) || (first === 0xff && second >= 0x80))) {
      this.refuse('malformed', 'INTEGER is not minimal');
    }
    return content;
  }

  /** Magnitude of an INTEGER that must not be negative, without the sign octet; zero is one octet 00. */
  unsignedInteger(): Uint8Array {
    const content = this.integer();
    const first = content[0] ?? 0;
    if (first >= 0x80) this.refuse('malformed', 'INTEGER is negative');
    return first === 0 && content.length > 1 ? content.subarray(1) : content;
  }

  /** An INTEGER or ENUMERATED from 0 to 2^47 - 1. */
  smallInteger(identifier: number = tag.integer): number {
    const content = this.integer(identifier);
    if (content.length > 6)
      this.refuse('unsupported', `INTEGER of ${content.length} bytes where a small one is expected`);
    if ((content[0] ?? 0) >= 0x80) this.refuse('malformed', 'INTEGER is negative');
    let value = 0;
    for (const octet of content) value = value * 256 + octet;
    return this.#fault === undefined ? value : 0;
  }

  null(): void {
    if (this.content(tag.null).length > 0) this.refuse('malformed', 'NULL with content');
  }

  /** Dotted form; empty after a mistake. */
  oid(identifier: number = tag.oid): string {
    const end = this.#open(identifier);
    const dotted = this.#fault === undefined ? decodeOid(this.#bytes, this.#at, end) : '';
    if (dotted === undefined) this.refuse('malformed', 'OBJECT IDENTIFIER is not minimal or too long');
    this.#at = end;
    return dotted ?? '';
  }

  octetString(): Uint8Array {
    return this.content(tag.octetString);
  }

  /** The octets of a BIT STRING that must be whole octets, as keys and signatures are. */
  bitString(): Uint8Array {
    const content = this.content(tag.bitString);
    if (content[0] !== 0) this.refuse('malformed', 'BIT STRING is not of whole octets');
    return content.subarray(1);
  }

  /** A named-bit list of up to 16 bits; bit 0 of the standard is the lowest bit of the number. */
  namedBits(): number {
    const content = this.content(tag.bitString);
    const [unused = 8, first = 0, second = 0] = content;
    const last = content.length > 1 ? (content.at(-1) ?? 0) : 0;
    // DER leaves out trailing zero bits, so the last bit that is present is a one (X.690 section 11.2.2).
    const minimal =
      content.length === 1 ? unused === 0 : unused < 8 && (last & ((1 << (unused + 1)) - 1)) === 1 << unused;
    if (content.length > 3 || !minimal) this.refuse('malformed', 'BIT STRING is no minimal list of named bits');
    let bits = 0;
    for (let bit = 0; bit < 16; bit++) {
      const octet = bit < 8 ? first : second;
      if ((octet & (0x80 >> (bit % 8))) !== 0) bits |= 1 << bit;
    }
    return bits;
  }

  /** Content of a string type whose every octet must lie in `[lowest, highest]`, both below 0x80. */
  ascii(identifier: number, lowest = 0x00, highest = 0x7f): string {
    const content = this.content(identifier);
    for (const octet of content) {
      if (octet < lowest || octet > highest) {
        this.refuse('malformed', `character 0x${hexOctet(octet)} is not allowed here`);
        return '';
      }
    }
    return latin1(content);
  }

  /** Passes the header of the next element, leaving the cursor at its content; returns where that ends. */
  #open(identifier: number): number {
    if (this.#fault !== undefined) return this.#at;
    const bytes = this.#bytes;
    const at = this.#at;
    const left = this.#end - at - 2;
    const length = bytes[at + 1] ?? 0;
    if (left < 0) return this.#stop(`ends where ${hexOctet(identifier)} is expected`);
    if (bytes[at] !== identifier)
      return this.#stop(`${hexOctet(bytes[at] ?? 0)} found, ${hexOctet(identifier)} expected`);
    if ((identifier & 0x1f) === 0x1f) return this.#stop('tag number above 30');
    if (length >= 0x80) return this.#openLong(length & 0x7f, left);
    if (length > left) return this.#stop('length goes beyond the enclosing element');
    this.#at = at + 2;
    return this.#at + length;
  }

  /** Likewise, where the length takes `count` further octets. */
  #openLong(count: number, left: number): number {
    if (count === 0) return this.#stop('indefinite length');
    if (count > 4 || count > left) return this.#stop('length goes beyond the enclosing element');
    const start = this.#at + 2;
    let length = 0;
    for (let at = start; at < start + count; at++) length = length * 256 + (this.#bytes[at] ?? 0);
    if (length < 0x80 || length < 256 ** (count - 1)) return this.#stop('length is not minimal');
    if (length > left - count) return this.#stop('length goes beyond the enclosing element');
    this.#at = start + count;
    return this.#at + length;
  }

  #take(end: number): Uint8Array {
    if (this.#fault !== undefined) return nothing;
    const content = this.#bytes.subarray(this.#at, end);
    this.#at = end;
    return content;
  }

  #stop(detail: string): number {
    this.refuse('malformed', detail);
    return this.#at;
  }

  #checkExhausted(end: number): void {
    if (this.#at < end) this.refuse('malformed', 'bytes left over after the last expected element');
  }
}

/** Text of octets that are known to be ASCII or meant as ISO 8859-1. */
export function latin1(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
}

function hexOctet(octet: number): string {
  return octet.toString(16).padStart(2, '0');
}
