/**
 * `ip` identifiers in a certificate: an iPAddress of 4 or 16 octets.
 * @spec RFC 5280 §4.2.1.6
 * @spec RFC 8738 §3
 */
import type { CertifiableIdentifier } from './certifiable-identifier.ts';

export const ip: CertifiableIdentifier = {
  type: 'ip',
  toGeneralName(value) {
    const octets = value.includes(':') ? parseIpv6(value) : parseIpv4(value);
    return octets === undefined ? undefined : { type: 'ip', value: Uint8Array.from(octets) };
  },
};

function parseIpv4(text: string): readonly number[] | undefined {
  const parts = text.split('.');
  const octets = parts.map((part) => (/^(?:0|[1-9][0-9]{0,2})$/.test(part) ? Number(part) : 256));
  return octets.length === 4 && octets.every((octet) => octet <= 255) ? octets : undefined;
}

/** Eight groups of hexadecimal digits, one run of zero groups shortened to `::`; no zone, no embedded IPv4 (RFC 5952). */
function parseIpv6(text: string): readonly number[] | undefined {
  const halves = text.split('::');
  if (halves.length > 2) return undefined;
  const [left = [], right = []] = halves.map((half) => (half === '' ? [] : half.split(':')));
  const missing = 8 - left.length - right.length;
  if (halves.length === 2 ? missing < 1 : missing !== 0) return undefined;
  const groups = [...left, ...Array<string>(missing).fill('0'), ...right];
  if (!groups.every((group) => /^[0-9a-f]{1,4}$/i.test(group))) return undefined;
  return groups.flatMap((group) => {
    const number = Number.parseInt(group, 16);
    return [number >> 8, number & 0xff];
  });
}
