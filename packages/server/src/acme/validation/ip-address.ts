/**
 * IP addresses and prefixes as bytes, read strictly.
 * @spec RFC 4291 §2.2
 * @spec RFC 4632 §3.1
 */

/** 4 or 16 bytes; `undefined` for anything but dotted decimal or IPv6 text, zones included. */
export function parseIpAddress(text: string): Uint8Array | undefined {
  return text.includes(':') ? parseIpv6(text) : parseIpv4(text);
}

export interface IpPrefix {
  readonly bytes: Uint8Array;
  readonly bits: number;
}

/** `192.0.2.0/24`, or a single address. */
export function parseIpPrefix(text: string): IpPrefix | undefined {
  const [address = '', length, ...rest] = text.split('/');
  const bytes = parseIpAddress(address);
  if (bytes === undefined || rest.length > 0) return undefined;
  if (length === undefined) return { bytes, bits: bytes.length * 8 };
  const bits = /^\d{1,3}$/.test(length) ? Number(length) : Number.NaN;
  return bits <= bytes.length * 8 ? { bytes, bits } : undefined;
}

/** Whether `address` is of the prefix's family and within it. */
export function isWithin(address: Uint8Array, prefix: IpPrefix): boolean {
  if (address.length !== prefix.bytes.length) return false;
  const whole = prefix.bits >>> 3;
  for (let at = 0; at < whole; at++) {
    if (address[at] !== prefix.bytes[at]) return false;
  }
  const rest = prefix.bits & 7;
  if (rest === 0) return true;
  return ((address[whole] as number) ^ (prefix.bytes[whole] as number)) >>> (8 - rest) === 0;
}

function parseIpv4(text: string): Uint8Array | undefined {
  const parts = text.split('.');
  if (parts.length !== 4) return undefined;
  const bytes = new Uint8Array(4);
  for (let at = 0; at < 4; at++) {
    const part = parts[at] as string;
    if (!/^(?:0|[1-9]\d{0,2})$/.test(part) || Number(part) > 255) return undefined;
    bytes[at] = Number(part);
  }
  return bytes;
}

function parseIpv6(text: string): Uint8Array | undefined {
  const halves = text.split('::');
  if (halves.length > 2) return undefined;
  const compressed = halves.length === 2;
  const head = parseGroups(halves[0] as string, !compressed);
  const tail = compressed ? parseGroups(halves[1] as string, true) : [];
  if (head === undefined || tail === undefined) return undefined;
  const length = head.length + tail.length;
  // "::" stands for at least one group of zeros.
  if (compressed ? length > 14 : length !== 16) return undefined;
  const bytes = new Uint8Array(16);
  bytes.set(head, 0);
  bytes.set(tail, 16 - tail.length);
  return bytes;
}

/** Bytes of colon-separated groups; at the end of the address the last of them may be an IPv4 address. */
function parseGroups(text: string, atEnd: boolean): number[] | undefined {
  if (text === '') return [];
  const groups = text.split(':');
  const bytes: number[] = [];
  for (const [at, group] of groups.entries()) {
    if (group.includes('.')) {
      const embedded = atEnd && at === groups.length - 1 ? parseIpv4(group) : undefined;
      if (embedded === undefined) return undefined;
      bytes.push(...embedded);
    } else {
      if (!/^[0-9a-fA-F]{1,4}$/.test(group)) return undefined;
      const value = Number.parseInt(group, 16);
      bytes.push(value >>> 8, value & 0xff);
    }
  }
  return bytes;
}
