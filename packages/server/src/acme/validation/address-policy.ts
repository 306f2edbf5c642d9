/**
 * Which addresses validation may contact: a validator that follows names and redirects of strangers must not be their way
 * into this machine, its cloud account or a network that is none of their business.
 * @spec RFC 8555 §10.4
 */
import { type IpPrefix, isWithin, parseIpAddress, parseIpPrefix } from './ip-address.ts';
import {
  type AddressClass,
  embeddingRanges,
  ordinaryIpv6Range,
  type SpecialRange,
  specialIpv4Ranges,
  specialIpv6Ranges,
} from './special-addresses.ts';

/** Why an address is refused, completing "the address is …"; `undefined` when it may be contacted. */
export type AddressCheck = (address: string) => string | undefined;

interface Range extends IpPrefix {
  readonly class: AddressClass;
  readonly name: string;
}

/**
 * The policy as a function of one address in text form.
 * @param reach `public`, `private`, `loopback`, and prefixes such as `10.0.0.0/8`: what may be contacted. Special-purpose
 *   ranges stay refused even when a prefix covers them.
 * @throws when a prefix cannot be read: configuration has checked them
 */
export function createAddressCheck(reach: readonly string[]): AddressCheck {
  const ranges = [...specialIpv4Ranges, ...specialIpv6Ranges].map(toRange);
  const embedding = embeddingRanges.map(({ prefix, at }) => ({ ...readPrefix(prefix), at }));
  const ordinaryIpv6 = readPrefix(ordinaryIpv6Range);
  const classes = reach.filter(isClass);
  const prefixes = reach.filter((item) => !isClass(item)).map(readPrefix);

  const classify = (bytes: Uint8Array): Pick<Range, 'class' | 'name'> => {
    const special = ranges.find((range) => isWithin(bytes, range));
    if (special !== undefined) return special;
    if (bytes.length === 4 || isWithin(bytes, ordinaryIpv6)) return { class: 'public', name: 'on the public internet' };
    return { class: 'never', name: 'in a range that is not in use' };
  };

  const check = (bytes: Uint8Array): string | undefined => {
    const embedder = embedding.find((prefix) => isWithin(bytes, prefix));
    if (embedder !== undefined) return check(bytes.slice(embedder.at, embedder.at + 4));
    const found = classify(bytes);
    if (found.class === 'never') return `${found.name}, which is never contacted`;
    if (classes.includes(found.class) || prefixes.some((prefix) => isWithin(bytes, prefix))) return undefined;
    return `${found.name}, which this server is not configured to contact`;
  };

  return (address) => {
    const bytes = parseIpAddress(address);
    return bytes === undefined ? 'not one that this server can contact' : check(bytes);
  };
}

function isClass(item: string): boolean {
  return item === 'public' || item === 'private' || item === 'loopback';
}

function toRange(row: SpecialRange): Range {
  return { ...readPrefix(row.prefix), class: row.class, name: row.name };
}

function readPrefix(text: string): IpPrefix {
  const prefix = parseIpPrefix(text);
  if (prefix === undefined) throw new Error(`${text} is not an address prefix`);
  return prefix;
}
