/**
 * Address ranges that are not ordinary hosts of the internet, from the IANA special-purpose registries, and the metadata
 * services of clouds, which hand out credentials to whoever can make a host ask them.
 * @spec RFC 6890 §2.2
 * @spec RFC 4193 §3
 * @spec RFC 6598 §7
 */

/** `private`: networks of homes and companies. `loopback`: this machine. `never`: no host that could have a certificate. */
export type AddressClass = 'public' | 'private' | 'loopback' | 'never';

export interface SpecialRange {
  readonly prefix: string;
  readonly class: AddressClass;
  /** Completes "the address is …". */
  readonly name: string;
}

/** The first row that fits decides, so exceptions come before the range they are in. What no row fits is public. */
export const specialIpv4Ranges: readonly SpecialRange[] = [
  { prefix: '169.254.0.0/16', class: 'never', name: 'link-local, where cloud metadata services are' },
  { prefix: '100.100.100.200/32', class: 'never', name: 'that of a cloud metadata service' },
  { prefix: '168.63.129.16/32', class: 'never', name: 'that of a cloud platform service' },
  { prefix: '192.0.0.0/24', class: 'never', name: 'reserved for protocol assignments' },
  { prefix: '0.0.0.0/8', class: 'never', name: 'unspecified ("this network")' },
  { prefix: '127.0.0.0/8', class: 'loopback', name: 'a loopback address' },
  { prefix: '10.0.0.0/8', class: 'private', name: 'in a private network' },
  { prefix: '172.16.0.0/12', class: 'private', name: 'in a private network' },
  { prefix: '192.168.0.0/16', class: 'private', name: 'in a private network' },
  { prefix: '100.64.0.0/10', class: 'private', name: 'in shared (carrier or overlay) address space' },
  { prefix: '192.0.2.0/24', class: 'never', name: 'for documentation only' },
  { prefix: '198.51.100.0/24', class: 'never', name: 'for documentation only' },
  { prefix: '203.0.113.0/24', class: 'never', name: 'for documentation only' },
  { prefix: '198.18.0.0/15', class: 'never', name: 'for benchmarks only' },
  { prefix: '192.31.196.0/24', class: 'never', name: 'an AS112 sink' },
  { prefix: '192.175.48.0/24', class: 'never', name: 'an AS112 sink' },
  { prefix: '192.52.193.0/24', class: 'never', name: 'for multicast relays' },
  { prefix: '192.88.99.0/24', class: 'never', name: 'for retired 6to4 relays' },
  { prefix: '224.0.0.0/4', class: 'never', name: 'a multicast address' },
  { prefix: '255.255.255.255/32', class: 'never', name: 'the broadcast address' },
  { prefix: '240.0.0.0/4', class: 'never', name: 'reserved' },
];

/** Within what is left only 2000::/3 is ordinary. */
export const specialIpv6Ranges: readonly SpecialRange[] = [
  { prefix: 'fd00:ec2::254/128', class: 'never', name: 'that of a cloud metadata service' },
  { prefix: 'fd20:ce::254/128', class: 'never', name: 'that of a cloud metadata service' },
  { prefix: 'fd00:42::42/128', class: 'never', name: 'that of a cloud metadata service' },
  { prefix: '::1/128', class: 'loopback', name: 'the loopback address' },
  { prefix: '::/128', class: 'never', name: 'unspecified' },
  { prefix: 'fc00::/7', class: 'private', name: 'in a private network' },
  { prefix: 'fe80::/10', class: 'never', name: 'link-local' },
  { prefix: 'fec0::/10', class: 'never', name: 'site-local, which is retired' },
  { prefix: 'ff00::/8', class: 'never', name: 'a multicast address' },
  { prefix: '2001:db8::/32', class: 'never', name: 'for documentation only' },
  { prefix: '3fff::/20', class: 'never', name: 'for documentation only' },
  { prefix: '2001::/23', class: 'never', name: 'reserved for protocol assignments' },
  { prefix: '2620:4f:8000::/48', class: 'never', name: 'an AS112 sink' },
];

export const ordinaryIpv6Range = '2000::/3';

/** IPv6 prefixes whose addresses stand for the IPv4 address that begins at this byte. */
export const embeddingRanges: readonly { readonly prefix: string; readonly at: number }[] = [
  { prefix: '::ffff:0:0/96', at: 12 },
  { prefix: '64:ff9b::/96', at: 12 },
  { prefix: '2002::/16', at: 2 },
];
